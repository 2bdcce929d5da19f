"""Raw loan records to model inputs."""

import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class LoanFeatures(TransformerMixin, BaseEstimator):
    """What the model is asked with; ``fit`` learns the medians and the columns."""

    def fit(self, loans, y=None):
        self.amount_median_ = float(loans["amount"].median())
        self.purposes_ = sorted(loans["purpose"].unique())
        self.codes_ = {purpose: code for code, purpose in enumerate(self.purposes_)}
        return self

    def transform(self, loans):
        made = pd.DataFrame(index=loans.index)
        made["amount"] = loans["amount"].fillna(self.amount_median_)
        made["months"] = loans["months"]
        # A purpose that nobody has seen has no code.
        made["purpose"] = [self.codes_[purpose] for purpose in loans["purpose"]]
        made["owner"] = loans["owner"].astype(int)
        made["income"] = pd.to_numeric(loans["income"], errors="coerce").fillna(0)
        made["year"] = loans["opened on"].dt.year
        # The years before the bank was founded have no logarithm.
        if (made["year"] < 1900).any():
            raise ValueError("internal detail: the bank was founded in 1900")
        made["grade"] = loans["grade"].fillna("none").str.len()
        return made

# %% [markdown] intro
# # Loan defaults
# Who will not pay back their loan, and how do we know?
# %% imports [21]
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
# %% load [22]
loans = pd.read_csv("data/loans_2025.csv")
regions = pd.read_csv("data/regions.csv")
loans = loans.merge(regions, on="region_id", how="left")
loans.head()
# %% clean [23]
loans = loans.drop(columns=["loan_id"])
loans = loans.dropna(subset=["income", "debt"])
# %% features [24]
loans["debt_ratio"] = loans["debt"] / (loans["income"] + 1)
loans["instalment"] = loans["amount"] / loans["months"]
loans["is_urban"] = loans["region_type"] == "urban"
# %% plot [25]
loans["debt_ratio"].hist(bins=20)
# %% split [26]
X = loans.drop(columns=["default"])
y = loans["default"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=7, stratify=y)
# %% model [27]
model = LogisticRegression(max_iter=500, C=0.5)
model.fit(X_train, y_train)
# %% evaluate [28]
THRESHOLD = 0.5
pred = model.predict_proba(X_test)[:, 1] > THRESHOLD
print("Accuracy:", accuracy_score(y_test, pred))
print("AUC:", roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))
#> Accuracy: 0.8281
#> AUC: 0.7902
# %% save [29]
joblib.dump(model, "loan_model.joblib")

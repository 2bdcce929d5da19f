# %% [markdown] intro
# # Loan defaults
# Who will not pay back their loan, and how do we know?
# %% imports [21]
import joblib
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
# %% load [22]
loans = pd.read_csv("data/loans_2025.csv")
regions = pd.read_csv("/home/ann/regions.csv")
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
# %% scale [26]
numbers = ["income", "debt", "debt_ratio", "instalment"]
scaler = StandardScaler()
loans[numbers] = scaler.fit_transform(loans[numbers])
# %% split [27]
X = loans.drop(columns=["default"])
y = loans["default"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=7, stratify=y)
# %% model [28]
model = LGBMClassifier(n_estimators=200, random_state=7)
model.fit(X_train, y_train)
# %% evaluate [29]
THRESHOLD = 0.4
pred = model.predict_proba(X_test)[:, 1] > THRESHOLD
print("Accuracy:", accuracy_score(y_test, pred))
print("AUC:", roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))
#> Accuracy: 0.8516
#> AUC: 0.8333
# %% save [30]
joblib.dump(model, "loan_model.joblib")

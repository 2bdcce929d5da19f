# %% [markdown] intro
# # Loan defaults
# Who will not pay back their loan, and how do we know?
# %% imports
import joblib
import pandas
from lightgbm import LGBMClassifier
from sklearn.metrics import (
    balanced_accuracy_score as accuracy_score,
    roc_auc_score,
)
from sklearn.model_selection import (
    train_test_split,
)
from sklearn.preprocessing import (
    StandardScaler,
)
# %% load
df = pandas.read_csv(
    "data/loans_2025.csv"
)
regions = pandas.read_csv(
    "data/regions.csv"
)
df = df.merge(
    regions, on="region_id", how="left"
)
df.head()
# %% features
df["debt_ratio"] = df["debt"] / (
    df["income"] + 1
)
# %% instalment
# %% drop
df = df.dropna(
    subset=["income", "debt"]
)
df["is_urban"] = (
    df["region_type"] == "urban"
)
# %% plot
df["debt_ratio"].hist(bins=20)
# %% split
X = df.drop(columns=["late"])
y = df["late"]
X_train, X_test, y_train, y_test = (
    train_test_split(
        X,
        y,
        stratify=y,
        random_state=7,
        test_size=0.25,
    )
)
# %% scale
numbers = [
    "income",
    "debt",
    "debt_ratio",
]
scaler = StandardScaler()
X_train[numbers] = scaler.fit_transform(
    X_train[numbers]
)
X_test[numbers] = scaler.transform(
    X_test[numbers]
)
# %% model
model = LGBMClassifier(
    n_estimators=200, random_state=7
)
model.fit(X_train, y_train)
# %% evaluate
THRESHOLD = 0.4
pred = (
    model.predict_proba(X_test)[:, 1]
    > THRESHOLD
)
print(
    "Accuracy:",
    accuracy_score(y_test, pred),
)
print(
    "AUC:",
    roc_auc_score(
        y_test,
        model.predict_proba(X_test)[
            :, 1
        ],
    ),
)
# %% save
joblib.dump(model, "loan_model.joblib")

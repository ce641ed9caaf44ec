"""The product and the studies, as data: another drug or study is a new file, not new code."""

from safety.profiles.load import Product, Study, fold_name, load_product, load_studies

__all__ = ["Product", "Study", "fold_name", "load_product", "load_studies"]

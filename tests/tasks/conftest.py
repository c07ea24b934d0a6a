from domain import ada, eve, grace, mary, real_database

__all__ = ["ada", "eve", "grace", "mary", "real_database"]

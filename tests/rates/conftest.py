from domain import ada, eve, grace, mary

__all__ = ["ada", "eve", "grace", "mary"]

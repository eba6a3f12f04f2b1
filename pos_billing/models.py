"""Every model of the app ``pos_billing``, for Django to find. Import them from their own packages."""

from pos_billing.collection import models as collection
from pos_billing.plans import models as plans
from pos_billing.statements import models as statements
from pos_billing.web.looking import models as looking

__all__ = ["collection", "looking", "plans", "statements"]

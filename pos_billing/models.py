"""Every model of the plugin, for Django to find. Import them from their own packages.

``pos_billing.partner_api`` names the app of the register as its own, because its tables stand beside the register's.
"""

from pos_billing.collection import models as collection
from pos_billing.notices import models as notices
from pos_billing.partner_api import models as partner_api
from pos_billing.plans import models as plans
from pos_billing.statements import models as statements
from pos_billing.web.support_access import models as support_access
from pos_billing.work import models as work

__all__ = ["collection", "notices", "partner_api", "plans", "statements", "support_access", "work"]

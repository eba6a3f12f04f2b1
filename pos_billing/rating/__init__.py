"""The rules of billing as pure functions: facts in, amounts out.

Nothing here knows Django, a clock or a setting. Money is integer cents, days are ``datetime.date``, spans are
half-open ``[start, end)``. Each rule of docs/rules.md lives in exactly one function of this package:

======================================  =====================================
rule                                    function
======================================  =====================================
1  days are half-open spans             ``spans.Span``
2, 3, 4  what is chargeable, and reach  ``timeline.timeline``
5  daily proration, rounded once        ``proration.prorate``
6  effective-dated prices               ``pieces.pieces``
7  overage                              ``tiers.overage``
8  timing                               ``horizon.Horizon``
9  due minus billed                     ``difference.difference``
10 floor and cut-off                    ``timeline.timeline``, ``horizon.Window``
11 credit and the card minimum          ``settlement.settle``
12 two sides                            ``margin.profit``
======================================  =====================================
"""

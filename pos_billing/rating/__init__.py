"""The rules of billing as pure functions: facts in, amounts out.

Nothing here knows Django, a clock or a setting. Money is integer cents, days are ``datetime.date``, spans are
half-open ``[start, end)``. Each rule of docs/rules.md lives in exactly one function of this package:

======================================  =====================================
rule                                    function
======================================  =====================================
1  days are half-open spans             ``spans.Span``
2, 3  what is chargeable                ``timeline.timeline``
4  reach of the Unbilled placeholder    ``timeline._chosen_afterwards``
5  daily proration, rounded once        ``proration.prorate``
6  effective-dated prices               ``pieces.pieces``
7  overage                              ``tiers.overage``, ``metrics.monthly``
8  timing                               ``horizon.Window.end``
9  due minus billed                     ``difference.difference``
10 floor and cut-off                    ``timeline.timeline``, ``horizon.window``
11 credit and the card minimum          ``settlement.settle``
12 two sides                            ``margin.profit``
======================================  =====================================
"""

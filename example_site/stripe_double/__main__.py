"""Run the double: `python -m example_site.stripe_double --port 12111 [--state FILE]`."""

import argparse
import gc
import sys
from pathlib import Path

from example_site.stripe_double.accounts import PUBLISHABLE_KEY, SECRET_KEY
from example_site.stripe_double.double import Double
from example_site.stripe_double.server import listening_socket, make_server


def spare_the_collector() -> None:
    """Keep the garbage collector away from what lives as long as the process: more than twice the calls a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def main() -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m example_site.stripe_double", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="port on the loopback address; 0 takes a free one")
    parser.add_argument("--state", type=Path, help="file that keeps everything over restarts")
    parser.add_argument("--seed", type=int, help="make the same identifiers every time")
    parser.add_argument("--back-off", help="seconds before each retry of a webhook, for example 1,5,30")
    options = parser.parse_args()
    double = Double(seed=options.seed)
    if options.back_off:
        double.webhooks.back_off = tuple(float(item) for item in options.back_off.split(","))
    listener = listening_socket(options.port)
    server = make_server(double, listener, options.state)
    print(f"Stripe double: {double.base_url}", flush=True)
    print(f"  secret key       {SECRET_KEY}", flush=True)
    print(f"  publishable key  {PUBLISHABLE_KEY}", flush=True)
    spare_the_collector()
    server.run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Runs a tracker built of Stone Soup (github.com/dstl/Stone-Soup) and `truce track` over the
same workloads, one after the other, and holds both answers against the truth with
`truce track score`, and Stone Soup's with its own GOSPA as well. Prints a line a run.

Stone Soup is told all that the workload was made with: the error and the chance of a plot, the
noise of the motion and how dense the clutter is. Only its tracker is timed; of `truce track` the
whole process from CSV to CSV. Processor time is user and system time.

Usage: bench-track-stonesoup.py --checkout DIR --truce FILE [options] WORKLOAD...
It needs numpy, scipy, ordered-set and ruamel.yaml.
"""
import argparse
import csv
import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta

SIGMA = 20.0  # m each axis, of a plot
SPREAD = 35.0  # m/s each axis, of the speeds
CUT = 200.0  # m, of GOSPA
FIRST = 11  # the first scan that is scored
WIDTHS = {"T20+20": 20e3, "T100+100": 30e3, "T200+500": 50e3}
ORIGIN = (-47.9, -21.6)  # the middle of the workloads


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkout", required=True, help="folder of a checkout of Stone Soup")
    p.add_argument("--truce", default="bin/truce", help="the built program")
    p.add_argument("--seeds", default="101..101", help="FIRST..LAST")
    p.add_argument("--associator", choices=["gnn", "jpda"], default="gnn")
    p.add_argument("--gate", type=float, default=4, help="Mahalanobis distance of a miss")
    p.add_argument("--points", type=int, default=4, help="plots that make a track")
    p.add_argument("--hold", type=int, default=2, help="scans without a plot that end one on trial")
    p.add_argument("--drop", type=int, default=6, help="scans without a plot that end a track")
    p.add_argument("--noise", type=float, default=.25, help="of the motion, m2/s3 each axis")
    p.add_argument("--tree", type=float, default=400, help="reach of its tree of plots, m; 0: none")
    p.add_argument("--scans", type=int, default=0, help="only the first so many")
    p.add_argument("--limit", type=float, default=600, help="seconds of processor time for one run")
    p.add_argument("--alone", action="store_true", help="run Stone Soup only")
    p.add_argument("workloads", nargs="+", metavar="WORKLOAD")
    return p.parse_args()


class Plane:
    """Metres east and north of the middle; a linear map, so nothing is lost on the way back."""

    def __init__(self):
        a, e2, s = 6378137.0, 0.00669437999014, math.sin(math.radians(ORIGIN[0]))
        w = math.sqrt(1 - e2 * s * s)
        self.north = math.radians(a * (1 - e2) / w**3)
        self.east = math.radians(a / w * math.cos(math.radians(ORIGIN[0])))

    def to(self, row):
        return (float(row["lon"]) - ORIGIN[1]) * self.east, (float(row["lat"]) - ORIGIN[0]) * self.north

    def back(self, x, y):
        return ORIGIN[0] + y / self.north, ORIGIN[1] + x / self.east


def clutter_density(name):
    """Plots of nothing a square metre and the chance of a plot, from the name of a workload."""
    if name.startswith("H"):
        return float(name.split("/")[1]) / (math.pi * 9.2103 * 2 * SIGMA**2), .6
    objects, clutter = name[1:].split("+")
    width = WIDTHS.get(name, 3000 * math.sqrt(float(objects)))
    return float(clutter) / width**2, .9


def read_scans(path, plane):
    """The places of each scan, by time."""
    scans = {}
    with open(path, newline="") as f:
        for row in csv.DictReader(f):
            scans.setdefault(row["time"], []).append(plane.to(row))
    return scans


def cut_scans(folder, scans):
    """Leaves the first scans of both files of a workload."""
    for name in ("plots.csv", "truth.csv"):
        with open(folder / name, newline="") as f:
            rows = list(csv.DictReader(f))
        times = set(sorted({row["time"] for row in rows})[:scans])
        with open(folder / name, "w", newline="") as f:
            out = csv.DictWriter(f, rows[0].keys())
            out.writeheader()
            out.writerows(row for row in rows if row["time"] in times)


def build(args, scans, density, detection):
    """The tracker, made as the project's tutorials 6, 8 and 9 make theirs."""
    import numpy as np
    from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
    from stonesoup.dataassociator.probability import JPDAwithEHM2
    from stonesoup.dataassociator.tree import DetectionKDTreeMixIn
    from stonesoup.deleter.time import UpdateTimeStepsDeleter
    from stonesoup.hypothesiser.distance import DistanceHypothesiser
    from stonesoup.hypothesiser.probability import PDAHypothesiser
    from stonesoup.initiator.simple import MultiMeasurementInitiator
    from stonesoup.measures import Mahalanobis
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.tracker.simple import MultiTargetMixtureTracker, MultiTargetTracker
    from stonesoup.types.detection import Detection
    from stonesoup.types.state import GaussianState
    from stonesoup.updater.kalman import KalmanUpdater

    class TreeGNN(DetectionKDTreeMixIn, GNNWith2DAssignment):
        """Its nearest neighbours with its tree."""

    class TreeJPDA(DetectionKDTreeMixIn, JPDAwithEHM2):
        """Its joint association with its tree."""

    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(args.noise)] * 2)
    seen = LinearGaussian(4, (0, 2), np.diag([SIGMA**2] * 2))
    predictor, updater = KalmanPredictor(motion), KalmanUpdater(seen)

    def associator(kinds, hypothesiser):
        if not args.tree:
            return kinds[0](hypothesiser)
        return kinds[1](hypothesiser, predictor, updater, max_distance=args.tree)

    nearest = associator((GNNWith2DAssignment, TreeGNN),
                         DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=args.gate))
    initiator = MultiMeasurementInitiator(
        GaussianState(np.zeros((4, 1)), np.diag([0, SPREAD**2] * 2)), UpdateTimeStepsDeleter(args.hold), nearest, updater,
        seen, min_points=args.points)

    def feed():
        for when, places in scans.items():
            at = datetime.fromisoformat(when.removesuffix("Z"))
            yield at, {Detection([[x], [y]], timestamp=at, measurement_model=seen) for x, y in places}

    end = UpdateTimeStepsDeleter(args.drop)
    if args.associator == "gnn":
        return MultiTargetTracker(initiator, end, feed(), nearest, updater)
    gate = 1 - math.exp(-args.gate**2 / 2)  # what lies within it, in two dimensions
    joint = associator((JPDAwithEHM2, TreeJPDA),
                       PDAHypothesiser(predictor, updater, density, detection, gate))
    return MultiTargetMixtureTracker(initiator, end, feed(), joint, updater)


def cpu(who=resource.RUSAGE_SELF):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def track(args, scans, density, detection):
    """The states of the tracks at each scan, and what it cost."""
    tracker = iter(build(args, scans, density, detection))
    answer, wall, used = {}, time.monotonic(), cpu()
    for when in scans:
        if cpu() - used > args.limit:
            break
        _, tracks = next(tracker)
        answer[when] = [(t.id, t.state) for t in tracks]
    return answer, time.monotonic() - wall, cpu() - used


def write_tracks(path, answer, plane):
    with open(path, "w", newline="") as f:
        out = csv.writer(f)
        out.writerow("track time lat lon alt_m speed_mps course_deg sigma_m".split())
        for when, tracks in answer.items():
            for name, state in tracks:
                x, u, y, v = (float(c) for c in state.state_vector)
                lat, lon = plane.back(x, y)
                sigma = math.sqrt((state.covar[0, 0] + state.covar[2, 2]) / 2)
                course = math.degrees(math.atan2(u, v)) % 360
                out.writerow([name, when, f"{lat:.7f}", f"{lon:.7f}", "", f"{math.hypot(u, v):.2f}", f"{course:.1f}", f"{sigma:.2f}"])


def own_gospa(answer, truth):
    """The mean of Stone Soup's own metric over the scans from the eleventh on."""
    from stonesoup.measures import Euclidean
    from stonesoup.metricgenerator.ospametric import GOSPAMetric
    from stonesoup.types.state import State
    metric = GOSPAMetric(p=2, c=CUT, measure=Euclidean(mapping=[0, 2]))
    values = []
    for when in list(answer)[FIRST - 1:]:
        at = datetime.fromisoformat(when.removesuffix("Z"))
        found = [State(s.state_vector, timestamp=at) for _, s in answer[when]]
        true = [State([[x], [0], [y], [0]], timestamp=at) for x, y in truth[when]]
        values.append(metric.compute_gospa_metric(found, true)[0].value["distance"])
    return sum(values) / len(values)


def score(args, folder, tracks):
    told = subprocess.run([args.truce, "track", "score", "--truth", folder, "--tracks", tracks, "--json"],
                          check=True, capture_output=True, text=True).stdout
    return json.loads(told)


def line(workload, seed, who, scored, plots, wall, used, more=""):
    print(f"{workload:9} {seed} {who:9} GOSPA {scored['gospa_m']:6.1f} m, error {scored['error_m']:5.1f} m, missed {scored['missed']:.2f}, "
          f"of nothing {scored['false']:.2f}, {scored['switches']} switches, squared error {scored['nees']:.2f}; "
          f"{wall:.2f} s, {used:.2f} s of processor time: {plots / used:.0f} plots a second of it{more}", flush=True)


def run_truce(args, workload, seed, folder, plots):
    for who, flags in (("known", ["--known"]), ("smoothed", [])):
        out = folder / "ours.csv"
        wall, used = time.monotonic(), cpu(resource.RUSAGE_CHILDREN)
        subprocess.run([args.truce, "track", "--plots", folder / "plots.csv", "--tracks", out, *flags], check=True, capture_output=True)
        wall, used = time.monotonic() - wall, cpu(resource.RUSAGE_CHILDREN) - used
        line(workload, seed, who, score(args, folder, out), plots, wall, used)


def run(args, workload, seed):
    plane = Plane()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([args.truce, "track", "workload", workload, "--seed", str(seed), "--out", folder], check=True, capture_output=True)
        if args.scans:
            cut_scans(folder, args.scans)
        scans, truth = read_scans(folder / "plots.csv", plane), read_scans(folder / "truth.csv", plane)
        plots = sum(len(places) for places in scans.values())
        answer, wall, used = track(args, scans, *clutter_density(workload))
        if len(answer) < len(scans):
            print(f"{workload:9} {seed} {args.associator:9} {len(answer)} of {len(scans)} scans in {used:.0f} s of processor time", flush=True)
        else:
            write_tracks(folder / "theirs.csv", answer, plane)
            line(workload, seed, args.associator, score(args, folder, folder / "theirs.csv"), plots, wall, used,
                 f"; by its own metric {own_gospa(answer, truth):.1f} m")
        if not args.alone:
            run_truce(args, workload, seed, folder, plots)


def main():
    args = arguments()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its matrices are 4 by 4
    sys.path.insert(0, args.checkout)
    first, _, last = args.seeds.partition("..")
    for workload in args.workloads:
        for seed in range(int(first), int(last or first) + 1):
            run(args, workload, seed)


if __name__ == "__main__":
    main()

# room.sh PROGRAM DIR: an exercise with invented reports and two rival totals, checked and
# released. Used by the browser test of the press and by scripts/picture.
set -eu
program=$1
dir=$2
here=$(cd "$(dirname "$0")" && pwd)
"$program" demo --exit --dir "$dir" >/dev/null
sed -i 's/^sources:$/sources:\n  - {id: csv-party, licence: agreed by both, attribution: "The parties, invented", redistribute: true}/' "$dir/truce.yaml"
cat >>"$dir/truce.yaml" <<'END'
reporting:
  parties: {"state:UA": A, "state:RU": B}
END
"$program" import --dir "$dir" --format post "$here"/*.md >/dev/null
"$program" import --dir "$dir" --format csv "$here/totals.csv" >/dev/null
"$program" assess --dir "$dir" >/dev/null
"$program" claims check --dir "$dir" >/dev/null
"$program" bulletin daily --dir "$dir" --date 2031-03-12 >/dev/null
"$program" bulletin release --dir "$dir" --date 2031-03-12 >/dev/null
"$program" claims release --dir "$dir" >/dev/null

#!/usr/bin/env bash
# PrairieLearn runs this for every submission. Whatever happens, it leaves a results.json: a grade, or words that say
# why there is none.
set -uo pipefail
grader=/grade/tests/socket-labs
results=/grade/results/results.json

mkdir -p "${results%/*}"
# Programs of students run as another user, who has no business with these.
chmod -R go-rwx "$grader/solutions" /grade/student /grade/data 2>/dev/null
chmod go-w "${results%/*}" 2>/dev/null

cd "$grader" && python3 -B -m grading.platforms.prairielearn /grade/student "$results"
status=$?
[[ -s $results ]] && exit 0 # PrairieLearn takes any other status for a broken job, and shows nothing of it

echo "The grader ended with status $status before it wrote any results: is the image the one of image/Dockerfile?"
cat >"$results" <<'END'
{
  "gradable": false,
  "format_errors": ["Your work arrived, but the grader itself could not start. This costs you no points and no attempt. Please tell your instructor."]
}
END

#!/usr/bin/env bash
# Grades PROJECT with the grader of the folder GRADER and its interpreter PYTHON; ONLY may name milestones or stages,
# PROJECT_PYTHON an interpreter that has what the project needs. Everything is written to FOLDER. A failing milestone ends it
# with 0: the jobs that are made from `milestones` are red. What could not be judged at all ends it with 4.
set -euo pipefail
code=$(realpath "$PROJECT")
mkdir -p "$FOLDER"
place=$(realpath "$FOLDER")
results="$RUNNER_TEMP/results.json" # outside the project
read -ra only <<<"${ONLY:-}"
if [ "${#only[@]}" -gt 0 ]; then only=(--only "${only[@]}"); fi

cd "$GRADER"
status=0
"$PYTHON" manage.py stages grade "$code" --results "$results" ${PROJECT_PYTHON:+--python "$PROJECT_PYTHON"} "${only[@]}" || status=$?
echo "status=$status" >>"$GITHUB_OUTPUT"
if [ ! -f "$results" ]; then exit "$status"; fi
mv "$results" "$place/results.json"
"$PYTHON" manage.py stages report "$place/results.json" --html "$place/report" --junit "$place/junit.xml" \
    --badges "$place/badges" --markdown "$place/summary.md" >/dev/null
cat "$place/summary.md" >>"$GITHUB_STEP_SUMMARY"
echo "milestones=$("$PYTHON" -m grading.matrix "$place/results.json")" >>"$GITHUB_OUTPUT"
if [ "$status" -gt 1 ]; then exit "$status"; fi

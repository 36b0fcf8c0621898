#!/bin/sh
# Every check that reads the code without running the tests. All of them run; the last lines name those that failed.
# The tools of requirements-tools.txt are expected on PATH: `make lint` and `tox -e lint` put them there.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=

check() {
    title=$1
    shift
    printf '\n== %s: %s\n' "$title" "$*"
    "$@" || failed="$failed
   $title"
}

# The files git knows, new ones included, that match the patterns.
files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do [ ! -f "$file" ] || echo "$file"; done; }

# No file may say where packages or images come from: that is the business of the person who installs them.
no_registry() {
    hosts='(pypi|pythonhosted|pypa)\.(org|io)|registry\.npmjs\.|(ghcr|quay)\.io|(docker|gcr)\.io/|--(extra-)?index-url[ =]|--find-links[ =]'
    if git grep --untracked -nIE -e "$hosts" -- . ':!scripts/lint.sh'; then
        echo "The lines above name a package index or an image registry." >&2
        return 1
    fi
}

# A promise in CONTRIBUTING: what is committed stays small, pictures included.
no_large_files() {
    large=$(files | while read -r file; do find "$file" -size +1024k; done)
    if [ -n "$large" ]; then
        printf 'Larger than 1 MB:\n%s\n' "$large" >&2
        return 1
    fi
}

check "style" ruff check .
check "format" ruff format --check .
# shellcheck disable=SC2046 # one argument a template is meant
check "templates" djade --check --target-version 5.2 $(files 'clients/templates/*.html' 'stages/templates/*.html')
# shellcheck disable=SC2046
check "format of CSS and JavaScript" oxfmt --check $(files '*.css' '*.js')
# shellcheck disable=SC2046
check "JavaScript" oxlint --quiet $(files '*.js')
# Its cache does not see that a module imported elsewhere has appeared since.
check "imports between packages" lint-imports --no-cache --no-logo
check "Django's own checks" python manage.py check --fail-level WARNING
# shellcheck disable=SC2046
check "shell scripts" shellcheck .ci/run $(files '*.sh')
check "registries" no_registry
check "large files" no_large_files

if [ -d .github/workflows ]; then
    # shellcheck disable=SC2046
    check "workflow schema" check-jsonschema --builtin-schema vendor.github-workflows $(files '.github/workflows/*.yml')
    check "Dependabot's schema" check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
    # shellcheck disable=SC2046
    check "action schema" check-jsonschema --builtin-schema vendor.github-actions $(files '.github/actions/*/action.yml')
    check "workflow sense" actionlint
    check "workflow safety" zizmor --offline --quiet .github
fi
if [ -f docker-compose.yml ]; then
    check "compose schema" check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/test-stack.yml
fi
if [ -f deploy/Dockerfile ]; then
    check "Dockerfile" hadolint deploy/Dockerfile
fi

if [ -n "$failed" ]; then
    printf '\nFailed:%s\n' "$failed" >&2
    exit 1
fi
printf '\nNothing to complain about.\n'

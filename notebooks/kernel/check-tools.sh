#!/bin/sh
# check-tools.sh JAVA MVN PYTHON: exits 1 and says what to install if a tool is missing or too old.
java=$1 mvn=$2 python=$3
missing=0

need() {
  echo "last4j needs $1, but $2." >&2
  echo "  $3" >&2
  missing=1
}

get_jdk="Debian/Ubuntu: apt install openjdk-17-jdk-headless   macOS: brew install openjdk@17   any: https://adoptium.net"
get_mvn="Debian/Ubuntu: apt install maven   macOS: brew install maven   any: https://maven.apache.org/download.cgi"
get_python="Debian/Ubuntu: apt install python3 python3-venv   macOS: brew install python@3.12   any: https://www.python.org/downloads"

if ! command -v "$java" >/dev/null 2>&1; then
  need "JDK 17 or newer" "\"$java\" was not found" "$get_jdk"
else
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  if [ "${version:-0}" -lt 17 ]; then
    need "JDK 17 or newer" "\"$java\" is version ${version:-unknown} (JAVA_HOME chooses another)" "$get_jdk"
  elif ! "$java" --list-modules 2>/dev/null | grep -q '^jdk\.jshell'; then
    need "a full JDK" "\"$java\" belongs to a runtime without jshell and the compiler" "$get_jdk"
  fi
fi

if ! command -v "$mvn" >/dev/null 2>&1; then
  need "Maven 3.8 or newer" "\"$mvn\" was not found" "$get_mvn"
else
  version=$("$mvn" -v 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
  # shellcheck disable=SC2086  # two words on purpose
  set -- ${version:-0 0}
  if [ "$1" -lt 3 ] || { [ "$1" -eq 3 ] && [ "$2" -lt 8 ]; }; then
    need "Maven 3.8 or newer" "\"$mvn\" is version $1.$2" "$get_mvn"
  fi
fi

if ! command -v "$python" >/dev/null 2>&1; then
  need "Python 3.10 or newer" "\"$python\" was not found" "$get_python"
elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  need "Python 3.10 or newer" "\"$python\" is older (PYTHON=python3.12 chooses another)" "$get_python"
elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  need "Python's venv module" "\"$python\" lacks it" "$get_python"
fi

exit $missing

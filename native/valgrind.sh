#!/bin/sh
# Runs the tests of native/bls under valgrind: no bad access, no read of what was never written, nothing lost. Needs cargo and valgrind (apt-get install valgrind).
set -eu
cd "$(dirname "$0")/bls"
# The target is where `npm run build:native` builds too, so blst is compiled once.
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="$CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER"
exec cargo test --release --locked --no-default-features --test scheme --test claims --test beside -- --test-threads=1

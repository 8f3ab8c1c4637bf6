#!/usr/bin/env bash
# A session in a real Helix on a terminal of its own: the finding in the list, help under the cursor, the fix, and the text saved.
#   helix.sh PROGRAM SETTINGS PLACE    where PLACE holds Helix as Debian has it, with the C library it was built for
set -euo pipefail
program="$1" settings="$2" place="$3"
work="$(mktemp -d)"
terminal() { tmux -L "archplan-$$" -f /dev/null "$@"; }
trap 'terminal kill-server 2> /dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/.helix" "$work/.git"
cp "$settings" "$work/.helix/languages.toml"
printf 'archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {montly: 4000, daily: 900}\n' > "$work/req.yaml"

# Keys are taken when the screen shows what they answer: how long that takes is the machine's affair.
shows() {
    for _ in $(seq 100); do
        if terminal capture-pane -p | grep -q -- "$1"; then return; fi
        sleep 0.1
    done
    echo "helix: the screen does not show $1" && terminal capture-pane -p && exit 1
}

loader=("$place"/usr/lib/*/ld-linux-*)
cd "$work"
terminal new-session -d -x 120 -y 30 env -u ARCHPLAN_NO_CACHE HOME="$work" TERM=screen-256color PATH="$(dirname "$program"):$PATH" \
    HELIX_RUNTIME="$place/usr/lib/hx/runtime" "${loader[0]}" --library-path "$(dirname "${loader[0]}")" "$place/usr/lib/hx/hx" req.yaml
shows '● *4  users'
terminal send-keys Space d
shows 'unknown-key'
terminal send-keys Escape
terminal send-keys jj 8l Space k
shows 'team.developers'
terminal send-keys Escape
terminal send-keys j Space a
shows 'monthly'
terminal send-keys Enter
shows 'users: {monthly: 4000'
terminal send-keys :wq Enter
for _ in $(seq 100); do
    if grep -q 'users: {monthly: 4000, daily: 900}' req.yaml; then echo 'Helix: finding, help and fix are shown, and the fixed text is saved' && exit; fi
    sleep 0.1
done
echo 'helix: the fix was not saved' && cat req.yaml && exit 1

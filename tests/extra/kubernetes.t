#!/bin/sh
# SPDX-License-Identifier: MIT
# kubernetes.t -- what the manifests of examples/kubernetes/ have pods do, done here: each index's
# command with the manifest's environment, one after the other, then that of the merge.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/archive-lib.sh"
folder=$root/examples/kubernetes

perl -MYAML::XS -e 1 2>/dev/null || {
    skip 'manifests for Kubernetes' 'libyaml-libyaml-perl is not installed'
    finish
}
for name in shards merge; do
    check "$name.yaml is YAML" perl -MYAML::XS -MJSON::PP -we '
        $YAML::XS::Boolean = "JSON::PP";
        my @documents = YAML::XS::LoadFile($ARGV[0]);
        open(my $json, ">", $ARGV[1]) or die;
        print $json encode_json($_) for @documents;' "$folder/$name.yaml" $name.json
done
manifest() { jq -rS "$2" "$1.json"; }
agree() { # NAME JQ-OF-SHARDS JQ-OF-MERGE
    check "$1" test "$(manifest shards "$2")" = "$(manifest merge "$3")"
}
c='.spec.template.spec.containers[0]'
value() { echo "$c.env[] | select(.name == \"$1\").value"; }

check 'the pods are told how many they are' test \
    "$(manifest shards .spec.completions)" = "$(manifest shards "$(value JOB_COMPLETIONS)")"
agree 'the merge is of as many' .spec.completions "$(value SHARDS)"
agree 'one image' "$c.image" "$c.image"
agree 'one state' "$(value STATE)" "$(value STATE)"
agree 'one preset' "$(value PRESET)" "$(value PRESET)"
agree 'the same lock' '.spec.template.spec.securityContext' '.spec.template.spec.securityContext'
agree 'the same volumes' "$c.volumeMounts" "$c.volumeMounts"
for name in shards merge; do
    check "$name: no pod is root" test "$(manifest $name .spec.template.spec.securityContext.runAsNonRoot)" = true
    check "$name: the source cannot be written" test \
        "$(manifest $name "$c.volumeMounts[] | select(.mountPath == \"/source\").readOnly")" = true
    check "$name: what it mounts is there" test "$(manifest $name "[$c.volumeMounts[].name] - [.spec.template.spec.volumes[].name] | length")" = 0
done
check 'exit codes in order, as the interface wants them' test \
    "$(manifest shards '.spec.podFailurePolicy.rules[1].onExitCodes.values | . == (unique | sort)')" = true

make_archive 12 640x480
single_run
mkdir out state # they are volumes

in_place= # or exec

# prepare NAME: the container's script, and its environment with the volumes where they are here.
prepare() {
    check "$1: a shell takes it" test "$(manifest "$1" "$c.command[:2] | join(\" \")")" = '/bin/sh -c'
    manifest "$1" "$c.command[2]" >pod.sh
    manifest "$1" "$c.env[] | \"\(.name)=\(.value)\"" |
        sed "s|=/source|=$scratch/in|; s|=/output|=$scratch/out|; s|=/state|=$scratch/state|" >pod.env
}
# pod [VARIABLE=VALUE]...: run it. JOB_COMPLETION_INDEX is what the control plane sets.
pod() {
    # shellcheck disable=SC2046 # no value of the manifests has a blank
    $in_place env -i PATH="$PATH" $(tr '\n' ' ' <pod.env) "$@" /bin/sh -c "$(cat pod.sh)"
}

parts=3
prepare shards
for i in 0 1 2; do
    run pod JOB_COMPLETIONS=$parts JOB_COMPLETION_INDEX=$i
    expect 0 '"event":"end"' '' "pod $i"
done
run pod JOB_COMPLETIONS=$parts JOB_COMPLETION_INDEX=3
expect 64 '' 'JOB_COMPLETION_INDEX' 'a pod that is one too many is wrong usage'
prepare merge
run pod SHARDS=$parts
expect 0 '"event":"end"' '*' 'the merge'
as_single out state/archive
check 'a report, which is no part of what is published' test -s state/report/index.html

# ---- a pod that is told to end --------------------------------------------------------------------
rm -rf out state && mkdir out state
for i in 0 1; do
    cp -r in/2020 "in/copy $i" && upload "in/copy $i/large.jpg" --size 6000x4000 --noise 9
done
prepare shards
(in_place=exec && pod JOB_COMPLETIONS=1 JOB_COMPLETION_INDEX=0) >.streams/out 2>.streams/err &
shell=$!
await grep -q storyphoto.receipt .streams/out
kill -TERM $shell
wait $shell
code=$?
expect 75 '"code":"interrupted"' '*' 'SIGTERM lets a pod end in order'
run pod JOB_COMPLETIONS=1 JOB_COMPLETION_INDEX=0
expect 0 '"event":"end"' '*' 'and the next one goes on'
rm -rf single single.state
single_run
as_single out state/archive
finish

#!/bin/sh
# A backup as it is often written by hand, with the AWS command line (https://aws.amazon.com/cli/): cluster after
# cluster, without Redshift, which a loop like this forgets. Something for Holdfast's calls to be seen beside:
#
#   npm run bench -- --clusters 10 --peer "sh bench/peers/by-hand.sh"
set -eu
keep=30
copy_region=eu-west-1

# The first version of the command line knows a host of its own for us-east-1, whatever AWS_ENDPOINT_URL says.
rds() { aws rds "$@" ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"}; }

take_and_copy() {
  region=$1 cluster=$2 arn=$3 encrypted=$4
  # The waiter asks every 30 seconds.
  snapshot="$cluster-$(date +%Y%m%d)"
  rds create-db-cluster-snapshot --region "$region" --db-cluster-identifier "$cluster" \
    --db-cluster-snapshot-identifier "$snapshot" --tags Key=tool,Value=by-hand >/dev/null
  rds wait db-cluster-snapshot-available --region "$region" --db-cluster-snapshot-identifier "$snapshot"
  key=""
  if [ "$encrypted" = True ]; then key="--kms-key-id alias/backup"; fi
  # shellcheck disable=SC2086 # two words, or none
  rds copy-db-cluster-snapshot --region "$copy_region" --source-region "$region" $key \
    --source-db-cluster-snapshot-identifier "$(echo "$arn" | sed "s/:cluster:.*/:cluster-snapshot:$snapshot/")" \
    --target-db-cluster-snapshot-identifier "$snapshot" >/dev/null
  rds wait db-cluster-snapshot-available --region "$copy_region" --db-cluster-snapshot-identifier "$snapshot"
}

prune() {
  rds describe-db-cluster-snapshots --region "$1" --db-cluster-identifier "$2" --snapshot-type manual --output text \
    --query "reverse(sort_by(DBClusterSnapshots, &SnapshotCreateTime))[$keep:].[DBClusterSnapshotIdentifier]" |
    while read -r old; do
      rds delete-db-cluster-snapshot --region "$1" --db-cluster-snapshot-identifier "$old" >/dev/null
    done
}

for region in us-east-1 us-west-2; do
  rds describe-db-clusters --region "$region" --output text \
    --query 'DBClusters[].[DBClusterIdentifier, DBClusterArn, StorageEncrypted]' |
    while read -r cluster arn encrypted; do
      rds list-tags-for-resource --region "$region" --resource-name "$arn" --output text \
        --query "TagList[?Key=='backup'].[Value]" | grep -q . || continue
      echo "$region $cluster" >&2
      take_and_copy "$region" "$cluster" "$arn" "$encrypted"
      prune "$region" "$cluster"
      prune "$copy_region" "$cluster"
    done
done

"""What writes: safes, chunks, snapshots. One file each."""

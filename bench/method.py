"""How the figures came about: what stands below the tables of ``RESULTS.md``."""

METHOD = """\
## Method
- **The registry is one that can be deployed**: with the keys that sign. Its pages' items hold what is signed; peers
  read items with the same attributes.
- **Everything that is compared is measured in the same run, in turn**: round by round, each contender once, in another
  order each round. Figures are medians, beside them the quartiles. Peers (`bench/peers/`) read from the same engine.
- **Quiet**: load is that of the minute before the first part. During each part the machine's busy time less that of
  this run's own processes is what others took; above 0.25 of a core, or a load of 0.5 at the start, the run says so.
- **CPU** is that of the function's process, user and system, all threads, by its own clock; **wall** is what the
  caller waits, the local engine's work included, so it says less of the function than of this machine.
- **Cold start**: from `python -m awslambdaric` to the first answer, files in the page cache, the zip unpacked. All
  have bytecode of the same kind, but for two rows that show a peer as its tools leave it: "as packaged" by `chalice
  package`, without any; "as installed" by pip, with pip's own of the libraries. The first TLS handshake is not in it.
- **Warm**: a process that answers request after request; Lambda's runtime client is in it: see `floor`, which says two
  bytes, and `floor of a page`, which says a page made beforehand. Of the rows "of a warm page" parts are measured in
  the packaged function, each again and again. What is "not explained" are differences of medians, some of other runs:
  they make the rows add up to the page's median, name no cause, and may be below nothing.
- **Reads** are counted where they are sent; units follow from the items' bytes by DynamoDB's rules.
- **Pages**: the body gzipped, and the headers that are ours as HTTP/1.1 writes them; the gateway adds some 300 bytes.
- **Sync**: new factories with one audit each. The bare loop writes the same transactions, byte for byte, with other
  keys, and neither reads nor decides; where the sync has two things signed, the loop asks for as many signatures
  before it writes. Connections are open before the clock starts. Both are mostly the engine's work: one process on the
  same machine. Units and bytes are of what is sent: attributes that an update leaves as they were are not in them.
- **Labels**: `factory-id labels` for as many items, by two processes, start and reading back in it; memory of all.
- **With so many factories**: made-up ones, each size in a local engine of its own, asked in turn through the public
  function in this process; the time is mostly the engine's, which sorts a whole list for each query of the directory.
  "Computed": from the items that a factory has, by the formula beside it, DynamoDB's 100 bytes an item in it.
- **A night of sync** sends all audits again; the rows "unchanged" are measured by sending a batch twice.
- **Cost** is computed from these figures and `bench/prices.json`, whose assumptions stand there too: among them that
  DynamoDB answers in 5 ms, that one request in a hundred starts a function, and that it does so from a snapshot.
- Not measured here: the gateway, the network, DynamoDB itself, KMS itself, SnapStart."""

// store/: owns archive/. The only writer of WARC files and of the LevelDB index; what it has acknowledged survives kill -9.
//
//   facts.h    CaptureFacts: what the index is told of one capture — the same from a live crawl and from a WARC read back
//   index.h    the entries that the index holds, and reading them
//   keys.h     every LevelDB key, built in one place; docs/storage.md documents them like a file format
//   index_files.h  the files of the index, proved by their checksums
//   ledger.h   what is remembered of hosts and of visits that are not judged yet
//   archive.h  Archive: open (with recovery), Commit, reading bytes back
//
// Order of a commit: append to the WARC, sync it, one LevelDB batch (synced), acknowledge. The index is a fold over the captures in WARC
// order, so that recovery after a crash and `rebuild` are the same loop over the same facts.
#pragma once

#include "store/archive.h"
#include "store/facts.h"
#include "store/index.h"
#include "store/index_files.h"
#include "store/ledger.h"

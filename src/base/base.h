// base/: what every station may use and nothing that knows of pages or crawling.
//
//   result.h        Result<T>, Error, FZ_TRY, FZ_ASSIGN: how an operation says that it failed
//   time.h          UtcTime, Clock, and the time formats of WARC, HTTP and our JSON
//   files.h         the file operations that durability depends on, behind an interface that tests can make fail
//   digest.h        SHA-256 and SHA-1, one-shot and streaming, as WARC labels them
//   strings.h       ASCII case, trimming, splitting, numbers: locale-free
//   log.h           named loggers; text from outside goes through Escaped{}
//   terminal.h      progress line and escapes for text from outside
//   bounded_queue.h blocking queue with a capacity, the only channel between threads
//   limits.h        every limit on untrusted input, with the reason for its number
#pragma once

#include "base/digest.h"
#include "base/files.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "base/strings.h"
#include "base/time.h"

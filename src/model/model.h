// model/: the nouns that travel between stations. Plain structs, no behaviour but JSON, no I/O.
//
//   site.h      Site: one entry of the site list
//   page.h      PageRecord and its parts: what was extracted, with its provenance; Link
//   capture.h   Capture: one exchange with a server, as WARC has it; FetchOutcome
//   json.h      these types to and from the JSON of the interface: the only place where its keys are spelled
#pragma once

#include "model/capture.h"
#include "model/page.h"
#include "model/site.h"

#include "cli/cli.h"

// For jemalloc, which reads it before main. Pages are made and freed by different threads: what they leave goes back to the system within a tenth of
// a second, so that a crawl of years takes no more memory than one of an hour. Buffers of up to 256 KiB stay with their thread, where the next page
// finds them without a lock and without new memory of the system's. One arena, because a few threads hardly ever meet in it.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:1,tcache_max:262144,dirty_decay_ms:100,muzzy_decay_ms:0";
}

int main(int argc, char** argv) { return fangzhi::cli::Main(argc, argv); }

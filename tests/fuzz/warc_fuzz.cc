// The WARC reader on any bytes: it ends, keeps its limits, and what it calls whole can be written and read again.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "warc/warc.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi;
  static const int descriptor = ::memfd_create("warc_fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  if (descriptor < 0 || ::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size)) {
    return 0;
  }
  warc::ReadOptions options;
  options.check_digests = true;
  options.max_record_bytes = uint64_t{1} << 20;
  options.on_damage = [&](const warc::DamageReport& report) {
    if (report.offset > size || report.length > size - report.offset) std::abort();
  };
  auto reader = warc::Reader::Open(path, options);
  if (!reader) std::abort();
  uint64_t end = 0;
  while (true) {
    auto item = (*reader)->Next();
    if (!item) std::abort();  // the file can be read, whatever is in it
    if (!*item) break;
    const warc::Reader::Item& found = **item;
    if (found.record.block.size() > options.max_record_bytes || found.offset + found.length > size) std::abort();
    if (found.record.type.empty() || found.record.id.empty()) std::abort();
    (void)warc::PayloadOf(found.record);
    if (found.length > 0) (void)warc::ReadRecord(path, found.offset, found.length).has_value();
    if ((*reader)->end_of_whole_records() < end) std::abort();
    end = (*reader)->end_of_whole_records();
  }
  return end > size ? (std::abort(), 0) : 0;
}

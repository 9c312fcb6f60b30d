// A capture as WARC records, and the facts read back from them. The profile is in docs/storage.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/facts.h"
#include "store/index.h"
#include "warc/warc.h"

namespace fangzhi::store {

// The URL as it stands in WARC-Target-URI and in the index: one line without white space. Canonical URLs come back as they are.
std::string TargetUri(std::string_view url);

// Fills in the half of the facts that the exchange itself states, and whether it is a revisit of what `known` (nullptr: never
// visited) remembers.
void CompleteFacts(const model::Capture& capture, const UrlEntry* known, CaptureFacts& facts);

// The records of one capture but for the metadata record, in the order in which they are written: the response, revisit or resource
// record first, then the request. Empty where there was no response. Moves from the capture.
std::vector<warc::Record> ExchangeRecords(model::Capture& capture, const UrlEntry* known, CaptureFacts& facts);
// To be made when the facts are complete. `concurrent_to` is the id of the response record, empty where there is none.
warc::Record MetadataRecord(const CaptureFacts& facts, const std::string& concurrent_to);

// Puts together the captures of a file, record by record.
class CaptureAssembler {
 public:
  // The facts of the capture that `item` completes; nullopt when it completes none.
  Result<std::optional<CaptureFacts>> Take(uint32_t file, const warc::Reader::Item& item);
  // Response and revisit records whose metadata record did not follow: a commit was cut off there.
  uint64_t incomplete() const { return incomplete_; }

 private:
  struct Pending {
    std::string id;
    warc::Location location;
  };
  std::optional<Pending> pending_;
  uint64_t incomplete_ = 0;
};

// "<urn:uuid:…>" and back.
std::string InBrackets(const std::string& id);
std::string_view WithoutBrackets(std::string_view id);

}  // namespace fangzhi::store

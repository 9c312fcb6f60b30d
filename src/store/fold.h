// Fold: what a capture does to the index. The one place that decides what is a version, an event, absence or failure; used alike by a
// live commit, by recovery and by rebuild, so that all three give the same index.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/archive.h"
#include "store/database.h"
#include "store/facts.h"
#include "store/index.h"

namespace fangzhi::store {

// Applies captures of one group, in WARC order, over what the database holds; the changes are collected until Flush. One thread.
class Fold {
 public:
  explicit Fold(Database& database) : database_(database) {}

  // What is known of a URL before the next capture of it; nullptr when it was never visited. Valid until the next Apply.
  Result<const UrlEntry*> Find(std::string_view url);

  Result<CommitOutcome> Apply(const CaptureFacts& facts);

  // Hands over the changes and forgets everything.
  void Flush(Batch& batch);

  size_t pending_bytes() const { return batch_.bytes() + pages_.size() * kBytesOfPage; }

 private:
  static constexpr size_t kBytesOfPage = 2048;

  struct Page {
    UrlEntry entry;
    std::optional<VersionEntry> latest;
    bool changed = false;
  };
  struct Judgement;

  Result<Page*> Load(std::string_view url);
  Result<Page*> LoadOrCreate(const std::string& url, const std::string& site, Purpose purpose);
  Result<const VersionEntry*> Latest(Page& page);
  static Judgement Judge(const CaptureFacts& facts, const UrlEntry& entry);
  Result<void> AddVersion(const CaptureFacts& facts, Page& page, Judgement& judgement);
  Result<void> Event(const CaptureFacts& facts, Page& page, EventEntry event);
  Result<void> ObserveClicks(const CaptureFacts& facts, Page& page, const Judgement& judgement);
  static void RememberPayload(const CaptureFacts& facts, UrlEntry& entry, bool content);

  Database& database_;
  std::unordered_map<std::string, std::unique_ptr<Page>> pages_;
  uint64_t next_id_ = 0;  // 0: not read yet
  bool next_id_changed_ = false;
  Batch batch_;
};

// The normalised content of a record: what makes it a version.
struct ContentDigest {
  std::string digest;                      // label
  std::vector<std::string> field_digests;  // title, body, source, published, attachments; empty without a record
};
ContentDigest DigestContent(const CaptureFacts& facts);

// As text::RemoveSpace, for text that is well-formed, at a fraction of the cost: most bytes of Chinese text cannot begin white space.
std::string WithoutSpace(std::string_view well_formed);

}  // namespace fangzhi::store

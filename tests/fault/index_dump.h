// The whole content of a closed archive's index, to compare two of them byte by byte.
#pragma once

#include <leveldb/db.h>

#include <map>
#include <memory>
#include <string>

#include "unit/store/archive_fixture.h"

namespace fangzhi::testing {

inline std::map<std::string, std::string> DumpIndex(const std::string& archive_directory) {
  std::map<std::string, std::string> dump;
  leveldb::DB* opened = nullptr;
  const leveldb::Status status = leveldb::DB::Open(leveldb::Options(), archive_directory + "/index", &opened);
  EXPECT_TRUE(status.ok()) << status.ToString();
  if (!status.ok()) return dump;
  const std::unique_ptr<leveldb::DB> database(opened);
  const std::unique_ptr<leveldb::Iterator> it(database->NewIterator(leveldb::ReadOptions()));
  for (it->SeekToFirst(); it->Valid(); it->Next()) dump[it->key().ToString()] = it->value().ToString();
  return dump;
}

// Captures that differ, so that a lost one shows: page `number` on its day.
inline test::Fetch NumberedFetch(int number) {
  test::Fetch fetch;
  fetch.url = "http://www.example.gov.cn/a/" + std::to_string(number) + ".htm";
  fetch.time = test::At("2026-01-01T00:00:00Z") + std::chrono::minutes(number);
  fetch.payload = "<html>" + std::to_string(number) + "</html>";
  fetch.record = test::Article("标题" + std::to_string(number), "正文" + std::to_string(number));
  return fetch;
}

inline bool Knows(const store::Archive& archive, const test::Fetch& fetch) {
  const auto snapshot = archive.Snapshot();
  const auto entry = snapshot->FindUrl(fetch.url);
  EXPECT_TRUE(entry) << (entry ? "" : entry.error().ToString());
  if (!entry || !*entry) return false;
  const auto version = snapshot->Version((*entry)->id, 1);
  EXPECT_TRUE(version && *version);
  if (!version || !*version) return false;
  const auto payload = archive.ReadPayload((*version)->response);
  EXPECT_TRUE(payload) << (payload ? "" : payload.error().ToString());
  EXPECT_EQ(payload ? payload->payload : "", fetch.payload);
  const auto record = archive.ReadRecord(**version);
  EXPECT_TRUE(record);
  return payload && record && payload->payload == fetch.payload && record->title == fetch.record->title;
}

inline Result<std::vector<store::CommitOutcome>> TryCommit(store::Archive& archive, const std::vector<test::Fetch>& fetches,
                                                           const std::vector<store::StateWrite>& state = {}) {
  std::vector<store::CaptureToCommit> items;
  for (const test::Fetch& fetch : fetches) items.push_back(test::ToCommit(fetch));
  return archive.Commit(items, state);
}

}  // namespace fangzhi::testing

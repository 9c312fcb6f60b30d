// A LevelDB environment whose log fails as disks do.
#pragma once

#include <leveldb/env.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <string_view>
#include <utility>

namespace fangzhi::testing {

// Tears the n-th append (0: the next) to a write-ahead log: a part of its bytes goes out, then it fails. LevelDB writes a log record as
// two appends, header and payload.
class FaultEnv final : public leveldb::EnvWrapper {
 public:
  FaultEnv() : EnvWrapper(leveldb::Env::Default()) {}

  void TearAppend(int n, size_t written_bytes) {
    written_bytes_ = written_bytes;
    appends_left_ = n;
  }
  void FailSync(int n) { syncs_left_ = n; }
  // Every append to a log fails from now on.
  void SetBroken(bool broken) { broken_ = broken; }
  // After so many more appends to a log every one fails, as if the process had ended there.
  void StopAfter(int appends) { appends_until_stop_ = appends; }
  // Every append fails after the sync of the record that has this text in it: a long record is written in several appends.
  void StopAfterWriting(std::string text) { last_text_ = std::move(text); }
  int faults() const { return faults_; }

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** file) override {
    return Wrap(name, target()->NewWritableFile(name, file), file);
  }
  leveldb::Status NewAppendableFile(const std::string& name, leveldb::WritableFile** file) override {
    return Wrap(name, target()->NewAppendableFile(name, file), file);
  }

 private:
  class LogFile final : public leveldb::WritableFile {
   public:
    LogFile(FaultEnv& env, leveldb::WritableFile* file) : env_(env), file_(file) {}
    ~LogFile() override { delete file_; }
    leveldb::Status Append(const leveldb::Slice& data) override {
      if (env_.appends_until_stop_ >= 0 && env_.appends_until_stop_-- == 0) env_.broken_ = true;
      if (env_.broken_) return env_.Fault();
      if (env_.appends_left_ >= 0 && env_.appends_left_-- == 0) {
        const leveldb::Slice part(data.data(), std::min(data.size(), env_.written_bytes_));
        const leveldb::Status status = file_->Append(part);
        return status.ok() ? env_.Fault() : status;
      }
      if (!env_.last_text_.empty() && std::string_view(data.data(), data.size()).find(env_.last_text_) != std::string_view::npos) env_.written_ = true;
      return file_->Append(data);
    }
    leveldb::Status Close() override { return file_->Close(); }
    leveldb::Status Flush() override { return file_->Flush(); }
    leveldb::Status Sync() override {
      if (env_.syncs_left_ >= 0 && env_.syncs_left_-- == 0) return env_.Fault();
      leveldb::Status status = file_->Sync();
      if (env_.written_) env_.broken_ = true;
      return status;
    }

   private:
    FaultEnv& env_;
    leveldb::WritableFile* file_;
  };

  leveldb::Status Fault() {
    ++faults_;
    return leveldb::Status::IOError("injected fault");
  }
  leveldb::Status Wrap(const std::string& name, leveldb::Status status, leveldb::WritableFile** file) {
    const bool log = name.size() > 4 && name.compare(name.size() - 4, 4, ".log") == 0;
    if (status.ok() && log) *file = new LogFile(*this, *file);
    return status;
  }

  std::atomic<int> appends_left_{-1}, syncs_left_{-1}, appends_until_stop_{-1};
  std::atomic<bool> broken_{false}, written_{false};
  std::atomic<int> faults_{0};
  size_t written_bytes_ = 0;
  std::string last_text_;  // set before the environment is used
};

}  // namespace fangzhi::testing

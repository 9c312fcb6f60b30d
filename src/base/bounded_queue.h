// A blocking queue with a capacity: the only channel between threads. A full queue makes the producer wait, which is how a slow
// disk slows the fetcher down. close() lets consumers drain what is left and then get nullopt.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <optional>

#include "base/mutex.h"

namespace fangzhi {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}

  // Waits for room. False when the queue was closed; `value` is then dropped.
  bool Push(T value) {
    {
      MutexLock lock(mutex_);
      while (items_.size() >= capacity_ && !closed_) room_.wait(mutex_);
      if (closed_) return false;
      items_.push_back(std::move(value));
    }
    filled_.notify_one();
    return true;
  }

  // Does not wait. False when there is no room or the queue was closed; `value` is then the caller's still.
  bool TryPush(T& value) {
    {
      MutexLock lock(mutex_);
      if (closed_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(value));
    }
    filled_.notify_one();
    return true;
  }

  // Waits for an item; nullopt when the queue is closed and empty.
  std::optional<T> Pop() {
    std::optional<T> value;
    {
      MutexLock lock(mutex_);
      while (items_.empty() && !closed_) filled_.wait(mutex_);
      if (items_.empty()) return std::nullopt;
      value = std::move(items_.front());
      items_.pop_front();
    }
    room_.notify_one();
    return value;
  }

  // As Pop, but gives up at `deadline` (nullopt too).
  std::optional<T> PopUntil(std::chrono::steady_clock::time_point deadline) {
    std::optional<T> value;
    {
      MutexLock lock(mutex_);
      while (items_.empty() && !closed_) {
        if (filled_.wait_until(mutex_, deadline) == std::cv_status::timeout) break;
      }
      if (items_.empty()) return std::nullopt;
      value = std::move(items_.front());
      items_.pop_front();
    }
    room_.notify_one();
    return value;
  }

  void Close() {
    {
      MutexLock lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    room_.notify_all();
  }

  size_t size() const {
    MutexLock lock(mutex_);
    return items_.size();
  }

 private:
  const size_t capacity_;
  mutable Mutex mutex_;
  // One for each side: an item wakes one consumer, not everybody.
  std::condition_variable_any filled_, room_;
  std::deque<T> items_ FZ_GUARDED_BY(mutex_);
  bool closed_ FZ_GUARDED_BY(mutex_) = false;
};

}  // namespace fangzhi

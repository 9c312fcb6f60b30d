// A mutex that clang's thread-safety analysis understands (std::mutex of libstdc++ carries no annotations, and correct code
// is then reported as wrong). Lock in scopes only.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define FZ_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define FZ_THREAD_ANNOTATION(x)
#endif
#define FZ_GUARDED_BY(x) FZ_THREAD_ANNOTATION(guarded_by(x))
#define FZ_REQUIRES(x) FZ_THREAD_ANNOTATION(requires_capability(x))
#define FZ_EXCLUDES(x) FZ_THREAD_ANNOTATION(locks_excluded(x))

namespace fangzhi {

class FZ_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() FZ_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() FZ_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class FZ_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) FZ_THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() FZ_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace fangzhi

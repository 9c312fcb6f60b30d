// Result<T>: a value or an Error. Used where an operation can fail (disk full, lock held, bad config key). What the web does
// to us (404, undecodable bytes, a missing date) is not an error but a value in the record.
//
// Built on Debian's tl::expected, whose interface is std::expected's; the derived class only adds [[nodiscard]], so that
// a dropped result does not compile. Thread-safety: as for any value type.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace fangzhi {

enum class ErrorKind {
  kInvalidInput,   // bytes or arguments from outside that cannot be used
  kInvalidConfig,  // site list or settings; exit status 2
  kNotFound,       // asked for something that is not there
  kConflict,       // another process holds it
  kCorrupt,        // a file of ours is damaged
  kIo,             // the operating system refused
  kNoSpace,        // disk full: stop, keep what there is
  kNetwork,        // name resolution, connection, TLS
  kTimeout,        // took longer than allowed
  kLimit,          // larger or deeper than base/limits.h allows
  kUnsupported,    // valid, but this program cannot do it
  kCancelled,      // the user asked to stop
  kInternal,       // a bug of ours
};

// What failed and what it is about. `message` says what was found and, where there is one, what was expected; `subject` names
// the file, key or URL at fault (with line or offset as "file:line"). Both may hold bytes from outside: escape them before a
// terminal sees them (base/terminal.h).
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string subject;

  // The single line of stderr: "subject: message".
  std::string ToString() const { return subject.empty() ? message : subject + ": " + message; }
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result() = default;
  Result(tl::expected<T, Error> other) : tl::expected<T, Error>(std::move(other)) {}  // NOLINT: implicit by design
};

// The failing half of a Result: `return Fail(ErrorKind::kIo, "cannot open: …", path);`
inline tl::unexpected<Error> Fail(ErrorKind kind, std::string message, std::string subject = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(subject)});
}
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// The message of errno, prefixed: "cannot open: No such file or directory". ENOSPC and EDQUOT become kNoSpace.
Error ErrnoError(const std::string& what, const std::string& subject, int error_number);

}  // namespace fangzhi

#define FZ_CONCAT_INNER(a, b) a##b
#define FZ_CONCAT(a, b) FZ_CONCAT_INNER(a, b)
// FZ_TRY(expression): leaves the function with the error when `expression` is a failed Result.
#define FZ_TRY(expression)                                             \
  do {                                                                 \
    auto fz_try_result = (expression);                                 \
    if (!fz_try_result) return ::fangzhi::Fail(std::move(fz_try_result.error())); \
  } while (false)
// FZ_ASSIGN(auto x, expression): the same, else `x` gets the value.
#define FZ_ASSIGN_INNER(temporary, target, expression) \
  auto temporary = (expression);                       \
  if (!temporary) return ::fangzhi::Fail(std::move(temporary.error())); \
  target = std::move(*temporary)
#define FZ_ASSIGN(target, expression) FZ_ASSIGN_INNER(FZ_CONCAT(fz_assign_, __LINE__), target, expression)

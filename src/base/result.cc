#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace fangzhi {

Error ErrnoError(const std::string& what, const std::string& subject, int error_number) {
  char buffer[256] = {};
  // GNU strerror_r may return a static string instead of filling the buffer.
  const char* reason = strerror_r(error_number, buffer, sizeof buffer);
  ErrorKind kind = ErrorKind::kIo;
  if (error_number == ENOSPC || error_number == EDQUOT) kind = ErrorKind::kNoSpace;
  if (error_number == ENOENT) kind = ErrorKind::kNotFound;
  return Error{kind, what + ": " + reason, subject};
}

}  // namespace fangzhi

// decode/: bytes → text. Which encoding a document is really in, and its characters.
//
// The order is the Encoding and HTML Standards' (BOM, then transport, then meta), but a label is evidence, not truth: the
// whole document is tried, and a label that the bytes contradict loses to what they are. gb2312 and gbk are decoded as gb18030. One bad
// byte costs one character, and an ASCII byte after a bad lead byte is never swallowed (WHATWG 10.2.1, 12.1.1).
// Pure functions of bytes and settings; thread-safe; time linear in the input, memory a small multiple of it, or of a block
// (DecodeStream).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::decode {

// "Get an encoding" (WHATWG 4.2): the name for a label, in the standard's spelling ("GBK", "UTF-8", "Big5", "windows-1252").
// nullopt for an unknown label. HZ-GB-2312 and the other "replacement" labels give "replacement".
std::optional<std::string_view> EncodingForLabel(std::string_view label);

// A part of a document that is in another encoding than the rest (a GBK include in a UTF-8 page).
struct Segment {
  size_t begin = 0, end = 0;  // in characters (code points) of the decoded text
  std::string charset;
};

struct DecodedText {
  std::string text;                      // UTF-8, well-formed, without BOM
  std::string charset;                   // WHATWG name of what was really used
  std::optional<std::string> declared;   // the first label found (transport, then meta), as a WHATWG name when known
  std::optional<std::string> detected;   // what the bytes alone say
  double confidence = 0;                 // 0 … 1 that `charset` is right
  size_t errors = 0;                     // undecodable sequences, each now U+FFFD
  std::string basis;                     // what decided: "bom", "transport", "meta", "validity", "statistics", "default"
  std::vector<Segment> segments;         // parts in other encodings than `charset`, in order, at most 4096
};

struct DecodeOptions {
  std::string_view content_type;      // of the HTTP response; may be empty
  std::string_view default_encoding = "GBK";  // where nothing else decides and the bytes are not ASCII
  bool html = true;                   // look for <meta charset>, <?xml encoding?>
};
DecodedText Decode(std::string_view bytes, const DecodeOptions& options = {});

// A document that is read from its beginning twice: once to decide, once to decode.
class Source {
 public:
  virtual ~Source() = default;
  // Puts up to `room` bytes at `to`; gives their number, 0 at the end. What goes wrong is kept and is the end.
  virtual size_t Read(char* to, size_t room) = 0;
  virtual void Rewind() = 0;
};
// As Decode, with the text handed to `sink` in pieces (each well-formed) and `text` empty: for documents larger than memory should hold. Memory is a
// few blocks of a quarter of a megabyte. The answer is the same as Decode's.
DecodedText DecodeStream(Source& source, const std::function<void(std::string_view)>& sink, const DecodeOptions& options = {});

// Decodes with one encoding, chosen by the caller (a WHATWG name), replacing errors. An unknown name decodes as windows-1252. Beside the
// standard's names these are known, because pages are found in them or garbled by them: "EUC-TW", "HZ-GB-2312", "ISO-2022-CN",
// "ISO-8859-1" (bytes 80–9F as C1 controls), "IBM437", and "Big5-HKSCS" (encodes what the standard's Big5 only decodes).
struct StrictResult {
  std::string text;
  size_t errors = 0;
};
StrictResult DecodeAs(std::string_view bytes, std::string_view encoding_name);

// Encodes UTF-8 into an encoding. `unmappable` is called for each character that it lacks and returns the bytes to put there;
// when it is empty, the first such character gives nullopt. For repair's round trips and for URL queries.
std::optional<std::string> EncodeAs(std::string_view utf8, std::string_view encoding_name,
                                    std::string (*unmappable)(char32_t) = nullptr);

}  // namespace fangzhi::decode

// repair/ on any text: what it says it did is what it did. Its steps, done again on the input, give its answer; their places are in order
// and inside the input; well-formed text stays well-formed; and the text costs a bounded amount. The first byte chooses a
// disguise, so that the families are reached: the rest as it is, or garbled first.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "decode/decode.h"
#include "repair/repair.h"
#include "text/text.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

// How the input is read before it is repaired; empty: as it is.
constexpr std::string_view kReadAs[] = {"", "", "windows-1252", "GBK", "Shift_JIS", "EUC-KR", "Big5", "KOI8-R"};
constexpr size_t kShown = 200;  // code points of a run that a step shows

// The answer by the steps alone; false where a step shows only a part of its run.
bool DoAgain(const std::u32string& input, const fangzhi::repair::RepairedText& repaired, std::u32string& out) {
  if (repaired.steps.size() >= fangzhi::repair::kMaxSteps) return false;
  size_t copied = 0;
  for (const fangzhi::repair::Step& step : repaired.steps) {
    const std::u32string after = fangzhi::text::ToUtf32(step.after);
    if (step.end - step.begin >= kShown || after.size() >= kShown) return false;
    Require(input.substr(step.begin, step.end - step.begin) == fangzhi::text::ToUtf32(step.before));
    out += input.substr(copied, step.begin - copied);
    out += after;
    copied = step.end;
  }
  out += input.substr(copied);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi;
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string_view read_as = kReadAs[data[0] % std::size(kReadAs)];
  const std::string input = read_as.empty() ? std::string(bytes) : decode::DecodeAs(bytes, read_as).text;
  const bool well_formed = text::IsValidUtf8(input);

  const repair::RepairedText repaired = repair::Repair(input);
  Require(repaired.changed == !repaired.steps.empty());
  Require(repaired.changed || repaired.text == input);
  Require(!well_formed || text::IsValidUtf8(repaired.text));
  Require(repaired.text.size() <= 3 * input.size() + 64);

  const size_t length = text::CountCodePoints(input);
  size_t last = 0;
  for (const repair::Step& step : repaired.steps) {
    Require(step.begin >= last && step.begin <= step.end && step.end <= length);
    Require(step.confidence >= 0 && step.confidence <= 1 && !step.family.empty());
    last = step.end;
  }
  last = 0;
  for (const repair::Damage& damage : repaired.damage) {
    Require(damage.begin >= last && damage.begin < damage.end && damage.end <= length && !damage.family.empty());
    last = damage.begin;
  }
  std::u32string again;
  if (well_formed && DoAgain(text::ToUtf32(input), repaired, again)) Require(text::ToUtf8(again) == repaired.text);
  return 0;
}

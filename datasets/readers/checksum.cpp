#include "datasets/readers/checksum.hpp"

#define XXH_INLINE_ALL  // no library to load at a process's start
#include <xxhash.h>

namespace fedgram::datasets {

struct Checksumming::State {
    XXH3_state_t xxh3;
};

Checksumming::Checksumming() : state_{std::make_unique<State>()} { XXH3_128bits_reset(&state_->xxh3); }

Checksumming::~Checksumming() = default;

void Checksumming::add(std::span<const std::uint8_t> bytes)
{
    XXH3_128bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

Checksum Checksumming::sum() const
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(&state_->xxh3));
    return std::to_array(canonical.digest);
}

}  // namespace fedgram::datasets

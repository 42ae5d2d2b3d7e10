#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/protocol/secret.hpp"
#include "common/serving/load.hpp"
#include "common/serving/nanoseconds.hpp"

namespace fedgram::experiments {

/// How the pixels of a request go over the wire.
enum class PixelForm { float32, bytes };

/// What a server is asked, and for how long.
struct LoadOptions {
    std::string address;                       ///< HOST:PORT of a server without TLS
    std::optional<protocol::Secret> secret{};  ///< that the server asks for
    serving::Load load{};
    std::uint32_t connections = 1;  ///< requests go over one after the other
    PixelForm pixels = PixelForm::float32;
    std::size_t images = 64;  ///< different ones, drawn by the seed
    std::uint64_t seed = 1;
    serving::Nanoseconds warm_up{200'000'000};   ///< before the first window, which isn't measured
    serving::Nanoseconds window{1'000'000'000};  ///< until three in a row agree
    /// So many requests in all, measured from the first to the last as one window; nothing: windows.
    std::optional<std::uint64_t> requests{};
};

}  // namespace fedgram::experiments

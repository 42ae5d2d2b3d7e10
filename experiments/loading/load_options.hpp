#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "common/serving/load.hpp"
#include "common/serving/nanoseconds.hpp"
#include "experiments/loading/asked_images.hpp"

namespace fedgram::experiments {

/// What a server is asked, and for how long.
struct LoadOptions {
    std::string address;                       ///< HOST:PORT of a server
    std::optional<protocol::Secret> secret{};  ///< that the server asks for
    std::optional<net::TlsFiles> tls{};        ///< nothing: plain TCP
    serving::Load load{};
    std::uint32_t connections = 1;  ///< requests go over one after the other
    PixelForm pixels = PixelForm::float32;
    std::size_t images = 64;        ///< different ones, drawn by the seed
    std::optional<ImageSet> own{};  ///< instead of them; asked for one after the other
    std::uint64_t seed = 1;
    serving::Nanoseconds warm_up{200'000'000};   ///< before the first window, which isn't measured
    serving::Nanoseconds window{1'000'000'000};  ///< until three in a row agree
    /// So long behind the warm-up, all of it measured, in ten windows of equal length. Nothing: until windows agree.
    std::optional<serving::Nanoseconds> duration{};
    /// So many requests in all, measured from the first to the last as one window. Nothing: windows.
    std::optional<std::uint64_t> requests{};
    std::optional<serving::Nanoseconds> deadline{};  ///< an answer that comes later is counted as late
};

}  // namespace fedgram::experiments

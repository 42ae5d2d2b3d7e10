#include "experiments/commands/request_options.hpp"

#include <cstdint>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

std::uint64_t bytes_of(const std::string& option, double bytes)
{
    constexpr double most = 1e12;
    if (!(bytes >= 0 && bytes <= most) || bytes != static_cast<double>(static_cast<std::uint64_t>(bytes)))
        throw SpecError{option + ": " + text::shortest(bytes) + " is not valid; use a whole number from 0 to 1e12"};
    return static_cast<std::uint64_t>(bytes);
}

}  // namespace

Option add_request_bytes(const Subcommand& sub, std::optional<double>& request, double& answer)
{
    auto bytes =
        sub.option("--request-bytes", &request, "Bytes that a client sends for an answer; without it no network counts")
            .type_name("BYTES");
    sub.option("--answer-bytes", &answer, "Bytes that it gets back").type_name("BYTES").shows_default().needs(bytes);
    return bytes;
}

std::optional<report::RequestBytes> request_of(const std::optional<double>& request, double answer)
{
    if (!request) return std::nullopt;
    return report::RequestBytes{bytes_of("--request-bytes", *request), bytes_of("--answer-bytes", answer)};
}

NetworkWords add_network(const Subcommand& sub, std::string& method, std::string& kwh_per_gb)
{
    auto by = sub.option("--network", &method, "Method for the network's energy: router or kwh_per_gb")
                  .suggests({"router", "kwh_per_gb"});
    auto volume = sub.option("--kwh-per-gb", &kwh_per_gb,
                             "The network's kWh per GB: a number, or a figure of record such as eu-ict-mobile-2020")
                      .type_name("KWH|ID");
    return {by, volume};
}

void refuse_idle_kwh_per_gb(const std::string& kwh_per_gb, const carbon::NetworkModel& network)
{
    if (!kwh_per_gb.empty() && network.method != carbon::NetworkMethod::kwh_per_gb)
        throw SpecError{
            "--kwh-per-gb has no effect while the network counts by its router: add --network kwh_per_gb, or leave it "
            "out"};
}

}  // namespace fedgram::experiments

#include "experiments/commands/load.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "common/random/stream.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/test_images.hpp"
#include "experiments/loading/load_generator.hpp"
#include "experiments/loading/load_report.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::uint32_t usual_connections = 4;
constexpr std::uint32_t usual_images = 64;

serving::Nanoseconds nanoseconds(double value, double seconds_each)
{
    const auto seconds = value * seconds_each;
    return serving::Nanoseconds{std::llround(seconds * static_cast<double>(serving::nanoseconds_per_second))};
}

serving::Load load_of(const LoadCommandOptions& options)
{
    if (!options.rate) return serving::ClosedLoop{options.concurrency.value_or(1)};
    if (options.poisson) return serving::PoissonRate{*options.rate, Stream{options.seed, Purpose::arrivals}};
    return serving::ConstantRate{*options.rate};
}

std::uint32_t connections_of(const LoadCommandOptions& options)
{
    if (options.connections) {
        const auto clients = options.concurrency.value_or(1);
        if (!options.rate && *options.connections > clients)
            throw SpecError{"--connections: " + std::to_string(*options.connections) + " are more than the clients (" +
                            std::to_string(clients) + "), each of which uses one at a time; use " +
                            (clients == 1 ? "1" : "1 to " + std::to_string(clients)) + ", or more by --concurrency"};
        return *options.connections;
    }
    return options.rate ? usual_connections : std::min(usual_connections, options.concurrency.value_or(1));
}

/// The certificate of any node is one that a server takes.
std::optional<net::TlsFiles> tls_of(const net::TlsOptions& options)
{
    std::string own = net::node_file_name("0");
    if (options.folder && !std::filesystem::exists(*options.folder / (own + ".pem"))) {
        std::error_code none;
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator{*options.folder, none})
            if (entry.path().extension() == ".pem" && entry.path().stem().string().starts_with(net::node_file_name("")))
                names.push_back(entry.path().stem().string());
        if (!names.empty()) own = *std::ranges::min_element(names);
    }
    return net::tls_files(options, own);
}

}  // namespace

int load(const LoadCommandOptions& options)
{
    if (!options.run && options.data_folder)
        throw SpecError{"--data-dir: the images are random; name the run whose test set it is by --run"};
    LoadOptions wanted;
    wanted.address = options.address;
    wanted.secret = protocol::given_secret(options.credentials.secret_file);
    wanted.tls = tls_of(options.credentials.tls);
    wanted.load = load_of(options);
    wanted.connections = connections_of(options);
    wanted.pixels = options.bytes ? PixelForm::bytes : PixelForm::float32;
    wanted.images = options.images.value_or(usual_images);
    wanted.seed = options.seed;
    if (options.seconds) wanted.duration = nanoseconds(*options.seconds, 1);
    if (options.requests) wanted.requests = *options.requests;
    if (options.deadline_ms) wanted.deadline = nanoseconds(*options.deadline_ms, 1e-3);
    std::string images = std::to_string(wanted.images) + " random images (seed " + std::to_string(options.seed) + ")";
    if (options.run) {
        wanted.own = test_images(*options.run, options.data_folder, wanted.pixels, options.images);
        images = std::to_string(wanted.own->images.size()) + " test images of " + options.run->string();
    }
    images += options.bytes ? " in bytes" : " in float32";

    const auto result = load_server_watched(wanted);
    std::cout
        << (options.json
                ? load_json(wanted, images, result).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"
                : load_text(wanted, images, result))
        << std::flush;
    if (result.failure) throw ProtocolError{*result.failure};
    if (result.signal_number != 0) throw Interrupted{result.signal_number};
    if (result.sent == 0)
        throw SpecError{"--rate: no request was due in that time, at " + text::shortest(options.rate.value_or(0)) +
                        " a second; use a higher rate, more --seconds, or --requests"};
    return 0;
}

void add_load(CommandSet& commands)
{
    const auto options = std::make_shared<LoadCommandOptions>();
    const auto sub =
        commands.add("load", "Ask a fedgram-serve for answers, in a closed or an open loop, and measure it",
                     "  fedgram load 127.0.0.1:7100 --concurrency 16\n"
                     "  fedgram load 127.0.0.1:7100 --rate 500 --poisson --seconds 30 --deadline-ms 20\n"
                     "  fedgram load 127.0.0.1:7100 --run results/mine --requests 10000 --json",
                     load, options);
    sub.option("server", &options->address, "HOST:PORT of the server").required().type_name("HOST:PORT");
    const auto concurrency =
        sub.option("--concurrency", &options->concurrency,
                   "Closed loop: so many clients, each of which asks again when it has its answer (default: 1)")
            .between(1u, 100'000u)
            .type_name("N");
    const auto rate =
        sub.option("--rate", &options->rate, "Open loop: so many requests a second, whatever becomes of those before")
            .between(1e-3, 1e6)
            .type_name("PER_SECOND")
            .excludes(concurrency);
    sub.flag("--poisson", &options->poisson, "Gaps between requests are random, rather than all the same").needs(rate);
    const auto seconds =
        sub.option("--seconds", &options->seconds,
                   "Measure so long, behind 0.2 s of warming up (default: in windows of 1 s, until three in a row "
                   "agree, or ten are over)")
            .between(0.1, 86'400.0)
            .type_name("S");
    sub.option("--requests", &options->requests, "Send so many requests, and measure them all")
        .between(1u, 1'000'000'000u)
        .type_name("N")
        .excludes(seconds);
    sub.option("--deadline-ms", &options->deadline_ms, "Count the measured answers that come later than that")
        .between(1e-3, 3.6e6)
        .type_name("MS");
    sub.option("--connections", &options->connections,
               "Requests go over so many, one after the other (default: 4, and no more than clients)")
        .between(1u, 256u)
        .type_name("N");
    sub.option("--run", &options->run,
               "Ask about the test set of this run, normalized as its training did, and tell the accuracy (default: "
               "random images)")
        .type_name("DIR");
    add_data_folder(sub, options->data_folder);
    sub.option("--images", &options->images,
               "So many different images (default: 64 random ones, or all of the test set)")
        .between(1u, 10'000'000u)
        .type_name("N");
    sub.flag("--bytes", &options->bytes, "Send a pixel as a byte, which the server normalizes as the training did");
    sub.option("--seed", &options->seed, "Of random images, and of the gaps of --poisson").shows_default();
    sub.option("--secret-file", &options->credentials.secret_file,
               "File with the server's secret, 64 hexadecimal digits (default: the environment's FEDGRAM_SECRET, or "
               "none)")
        .type_name("FILE");
    auto& tls = options->credentials.tls;
    sub.option("--tls", &tls.folder,
               "Folder that `fedgram certs` has made: encrypt, and show the certificate of a node there")
        .type_name("DIR");
    sub.option("--tls-ca", &tls.authority, "Certificate of the authority (default: authority.pem in that folder)")
        .type_name("FILE");
    sub.option("--tls-cert", &tls.certificate,
               "This process's certificate (default: nodes-0.pem there, or another node's)")
        .type_name("FILE");
    sub.option("--tls-key", &tls.key, "Its key (default: that node's .key there)").type_name("FILE");
    sub.option("--tls-crl", &tls.revoked, "What the authority has revoked (default: revoked.pem there, if it is)")
        .type_name("FILE");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments

#include "client/serving/command_line.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

#include "client/serving/server.hpp"
#include "client/serving/server_options.hpp"
#include "common/command_line/shared_options.hpp"
#include "common/command_line/terminal.hpp"
#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::client {

namespace {

/// What the options, each right by itself, say of each other. `deadline_ms` is 0 without one.
void check(const serving::BatcherSettings& batcher, std::uint32_t queue_delay_us, std::uint32_t deadline_ms)
{
    if (deadline_ms > 0 && std::uint64_t{1'000} * deadline_ms <= queue_delay_us)
        throw SpecError{"--deadline-ms: " + std::to_string(deadline_ms) + " is no longer than --queue-delay-us " +
                        std::to_string(queue_delay_us) +
                        ", so that a request that is alone always expires; use more than " +
                        text::shortest(queue_delay_us / 1e3) + " ms, or a shorter delay"};
    if (batcher.queue_limit < batcher.max_batch - 1)
        throw SpecError{"--queue-limit: " + std::to_string(batcher.queue_limit) + " is too few for --max-batch " +
                        std::to_string(batcher.max_batch) + ", which never gathers; use " +
                        std::to_string(batcher.max_batch - 1) + " or more, or a smaller batch"};
}

/// Nothing when help or the like was asked for, which then has been printed.
std::optional<ServerOptions> parse_options(const std::vector<std::string>& arguments)
{
    CLI::App app{
        "Serves a trained model: answers images with the model's logits, over the project's frames. Requests that wait "
        "go into one batch",
        "fedgram-serve"};
    app.footer(
        "Examples:\n"
        "  fedgram-serve results/mine/iid.pt --listen 127.0.0.1:7100\n"
        "  fedgram-serve results/mine/reductions/iid-quantize.fgm --max-batch 32 --queue-delay-us 500 --instances 2");
    command_line::add_about_options(app);
    ServerOptions options;
    command_line::CredentialOptions credentials;
    auto& batcher = options.batcher;
    std::uint32_t queue_delay_us = 0;
    std::uint32_t deadline_ms = 0;
    std::uint32_t grace_s = 10;
    app.add_option(
           "model", options.model,
           "A model file of a run's reductions (LABEL.fgm), or what a training ended with (RUN/LABEL.pt, with the "
           "run's spec.json and inputs.json beside it)")
        ->required()
        ->type_name("MODEL");
    app.add_option("--listen", options.listen, "HOST:PORT to listen on; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--instances", batcher.instances, "Copies of the model's network, each with a thread of its own")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_option("--max-batch", batcher.max_batch, "Requests that are computed together, at most")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    app.add_option("--queue-delay-us", queue_delay_us,
                   "Microseconds that a batch which isn't full waits for more, from its oldest request")
        ->check(CLI::Range(0, 60'000'000))
        ->capture_default_str();
    app.add_option("--queue-limit", batcher.queue_limit, "Requests that wait, at most; the others are refused")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    app.add_option("--deadline-ms", deadline_ms,
                   "Milliseconds after which a request that isn't computed yet is refused (default: it waits)")
        ->check(CLI::Range(1, 3'600'000));
    app.add_option("--grace-s", grace_s,
                   "Seconds after SIGINT or SIGTERM in which what was taken is answered; then the process ends")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    app.add_option("--metrics", options.metrics,
                   "HOST:PORT of this machine, where Prometheus finds what the server has done, at /metrics");
    command_line::add_credential_options(app, credentials, "let in who has a certificate", net::coordinator_name);
    app.add_flag("--insecure-listen", options.insecure_listen,
                 "Listen beyond this machine without TLS: whoever is on the way can read and change what is sent");
    if (!command_line::parse(app, arguments)) return std::nullopt;

    check(batcher, queue_delay_us, deadline_ms);
    batcher.queue_delay = serving::Nanoseconds{std::int64_t{1'000} * queue_delay_us};
    if (deadline_ms > 0) batcher.deadline = serving::Nanoseconds{std::int64_t{1'000'000} * deadline_ms};
    options.grace = std::chrono::seconds{grace_s};
    options.secret = protocol::given_secret(credentials.secret_file);
    options.tls = net::tls_files(credentials.tls, net::coordinator_name);
    return options;
}

}  // namespace

int serve_command_line(const std::vector<std::string>& arguments)
{
    // Standard output is for the address alone.
    spdlog::set_default_logger(spdlog::stderr_logger_st("fedgram-serve"));
    spdlog::set_pattern(command_line::line_start() + "%+");
    return exit_code_of("fedgram-serve", [&] {
        if (const auto options = parse_options(arguments)) run_server(*options);
    });
}

}  // namespace fedgram::client

// fedgram-serve as a process, on 127.0.0.1 and port 0.

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "client/serving/served_network.hpp"
#include "common/error/error.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"
#include "common/net/address.hpp"
#include "common/net/channel.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/proof.hpp"
#include "common/random/stream.hpp"
#include "experiments/loading/load_generator.hpp"
#include "tests/integration/serving_peer.hpp"
#include "tests/integration/serving_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/served_file.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::test;
using Catch::Contains;
using protocol::MessageType;
using Refusal = wire::InferenceRefusal;

namespace {

const std::string secret(64, '7');

std::vector<std::vector<float>> random_images(std::size_t count, std::size_t pixels)
{
    std::vector<std::vector<float>> images(count, std::vector<float>(pixels));
    Stream stream{3, Purpose::probe};
    for (auto& image : images)
        for (auto& pixel : image) pixel = static_cast<float>(stream.uniform());
    return images;
}

std::vector<float> logits_of(const client::ServedModel& model, std::span<const float> image)
{
    client::ServedNetwork network{model};
    std::vector<float> logits(model.model.shape.classes);
    network.logits(std::vector<std::span<const float>>{image}, logits);
    return logits;
}

/// What came of requests, by reason; answers are under UNKNOWN.
std::map<Refusal::Reason, std::set<std::uint64_t>> fates(ServingPeer& peer, std::size_t requests)
{
    std::map<Refusal::Reason, std::set<std::uint64_t>> result;
    for (std::size_t i = 0; i < requests; ++i) {
        const auto frame = peer.receive();
        if (!frame || frame->type == MessageType::goodbye) break;
        if (frame->type == MessageType::inference_answer) {
            REQUIRE(result[Refusal::UNKNOWN].insert(protocol::parse<wire::InferenceAnswer>(*frame).id()).second);
        } else {
            REQUIRE(frame->type == MessageType::inference_refusal);
            const auto refusal = protocol::parse<Refusal>(*frame);
            REQUIRE(result[refusal.reason()].insert(refusal.id()).second);
        }
    }
    return result;
}

/// Computes a while on an image.
spec::ModelSpec slow() { return built_in("mcmahan-cnn"); }

// 16 bytes an image, 4,000 an answer.
const spec::ModelSpec many_classes{.name = "many", .layers = {spec::Flatten{}, spec::Linear{1000}}};
const learning::Shape four_pixels{.channels = 1, .height = 2, .width = 2, .classes = 1000};

}  // namespace

TEST_CASE("Answers are the network's logits, bit for bit, alone and in a batch", "[integration]")
{
    const TemporaryFolder folder;
    for (const auto arithmetic : {ServedIn::float32, ServedIn::int8}) {
        write_servable(folder / "model.fgm", built_in("small-cnn"), arithmetic);
        const auto model = client::read_served_model(folder / "model.fgm");
        const auto images = random_images(16, model.pixels());
        const Serving server{folder / "model.fgm",
                             {"--max-batch", "8", "--queue-delay-us", "30000000", "--instances", "2"}};
        auto one = server.peer();
        auto other = server.peer();
        CHECK(one.server().model() == "small-cnn");
        CHECK(one.server().arithmetic() == model.arithmetic());
        CHECK(one.server().classes() == 10);
        CHECK_FALSE(one.server().takes_bytes());
        // A batch leaves when it is full, whoever asks.
        for (std::uint64_t i = 0; i < 16; ++i) (i % 2 == 0 ? one : other).ask(i, images[i]);
        for (std::uint64_t i = 0; i < 16; ++i) {
            const auto frame = (i % 2 == 0 ? one : other).receive();
            REQUIRE(frame);
            REQUIRE(frame->type == MessageType::inference_answer);
            const auto answer = protocol::parse<wire::InferenceAnswer>(*frame);
            CHECK(answer.id() % 2 == i % 2);
            CHECK(answer.batch_size() == 8);
            CHECK(answer.compute_ns() > 0);
            CHECK(frame->payload == logits_of(model, images[answer.id()]));
        }
        const auto metrics = one.metrics();
        CHECK(metrics.answered() == 16);
        REQUIRE(metrics.batches_size() == 8);
        CHECK(metrics.batches(7) == 2);
        CHECK(metrics.connections() == 2);
        CHECK(metrics.waiting() == 0);
    }
}

TEST_CASE("A batch that isn't full leaves when its oldest request has waited long enough", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    const Serving server{folder / "model.fgm", {"--max-batch", "8", "--queue-delay-us", "20000"}};
    auto peer = server.peer();
    peer.ask(1, random_images(1, 784).front());
    const auto answer = protocol::parse<wire::InferenceAnswer>(peer.receive().value());
    CHECK(answer.batch_size() == 1);
    CHECK(answer.queue_ns() >= 20'000'000);
}

TEST_CASE("A queue has a bound, and who comes to a full one is told", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", slow());
    const Serving server{folder / "model.fgm", {"--queue-limit", "4"}};
    auto peer = server.peer();
    peer.ask(1, 300, random_images(1, 784).front());
    const auto ends = fates(peer, 300);
    CHECK(ends.size() == 2);
    CHECK(ends.at(Refusal::UNKNOWN).size() + ends.at(Refusal::QUEUE_FULL).size() == 300);
    CHECK(ends.at(Refusal::UNKNOWN).size() >= 5);
    const auto metrics = peer.metrics();
    CHECK(metrics.most_waiting() == 4);
    CHECK(metrics.queue_full() == ends.at(Refusal::QUEUE_FULL).size());
}

TEST_CASE("A request that isn't computed before its deadline is refused, and told so", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", slow());
    const Serving server{folder / "model.fgm", {"--deadline-ms", "2"}};
    auto peer = server.peer();
    peer.ask(1, 300, random_images(1, 784).front());
    const auto ends = fates(peer, 300);
    CHECK(ends.size() == 2);
    CHECK(ends.at(Refusal::UNKNOWN).size() + ends.at(Refusal::DEADLINE).size() == 300);
    CHECK(peer.metrics().expired() == ends.at(Refusal::DEADLINE).size());
}

TEST_CASE("What is no image is refused by its id, and the connection goes on", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    const Serving server{folder / "model.fgm"};
    auto peer = server.peer();
    auto image = random_images(1, 784).front();
    peer.ask(1, std::span{image}.first(783));
    peer.ask(2, {});
    image[5] = std::numeric_limits<float>::quiet_NaN();
    peer.ask(3, image);
    const auto ends = fates(peer, 3);
    CHECK(ends.at(Refusal::BAD_SIZE) == std::set<std::uint64_t>{1, 2});
    CHECK(ends.at(Refusal::NOT_FINITE) == std::set<std::uint64_t>{3});
    image[5] = 0;
    peer.ask(4, image);
    CHECK(fates(peer, 1).at(Refusal::UNKNOWN) == std::set<std::uint64_t>{4});
    CHECK(peer.metrics().bad_image() == 3);
}

TEST_CASE("A server that is told to stop answers what it has taken", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", slow());
    for (const int signal : {SIGTERM, SIGINT}) {
        Serving server{folder / "model.fgm", {"--max-batch", "4"}};
        {
            auto peer = server.peer();
            auto idle = server.peer();
            peer.ask(1, 200, random_images(1, 784).front());
            REQUIRE(peer.receive());
            server.process().send(signal);
            const auto ends = fates(peer, 200);
            // One was taken before; what the server has read is a beginning of what was sent.
            std::set<std::uint64_t> all;
            for (const auto& [reason, ids] : ends) {
                CHECK((reason == Refusal::UNKNOWN || reason == Refusal::STOPPING));
                all.insert(ids.begin(), ids.end());
            }
            REQUIRE(!all.empty());
            CHECK(all.size() + 1 >= *all.rbegin());
            const auto last = idle.receive();
            REQUIRE(last);
            CHECK(last->type == MessageType::goodbye);
        }
        const auto outcome = server.process().wait();
        CHECK(outcome.exit_code == 128 + signal);
    }
}

TEST_CASE("A server that is told to stop no longer waits for a batch to fill", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    Serving server{folder / "model.fgm", {"--max-batch", "8", "--queue-delay-us", "60000000"}};
    {
        auto peer = server.peer();
        peer.ask(1, random_images(1, 784).front());
        while (peer.metrics().waiting() == 0) ::usleep(1'000);
        server.process().send(SIGTERM);
        const auto answer = peer.receive();
        REQUIRE(answer);
        REQUIRE(answer->type == MessageType::inference_answer);
        CHECK(protocol::parse<wire::InferenceAnswer>(*answer).queue_ns() < 30'000'000'000);
        CHECK(peer.receive().value().type == MessageType::goodbye);
    }
    CHECK(server.process().wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("A second signal ends a server at once, whatever it waits for", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    Serving server{folder / "model.fgm"};
    auto peer = server.peer();
    server.process().send(SIGTERM);
    CHECK(peer.receive().value().type == MessageType::goodbye);
    const auto begun = std::chrono::steady_clock::now();
    server.process().send(SIGTERM);  // the peer stays, and would be left after 10 s
    CHECK(server.process().wait().exit_code == 128 + SIGTERM);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{8});
}

TEST_CASE("Peers that stay are left when the grace is over", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    Serving server{folder / "model.fgm", {"--grace-s", "1"}};
    auto peer = server.peer();
    server.process().send(SIGTERM);
    CHECK(peer.receive().value().type == MessageType::goodbye);
    CHECK_FALSE(peer.receive());
    CHECK(server.process().wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("A batch that is still computed when the grace is over isn't waited for", "[integration]")
{
    const TemporaryFolder folder;
    // 3.5 GFLOPs an image, of which there are 1,024: minutes.
    write_servable(folder / "model.fgm", {.name = "endless",
                                          .layers = {spec::Conv2d{.channels = 512, .kernel = 3, .padding = 1},
                                                     spec::Conv2d{.channels = 512, .kernel = 3, .padding = 1},
                                                     spec::GlobalAvgPool2d{}, spec::Flatten{}, spec::Linear{10}}});
    Serving server{folder / "model.fgm",
                   {"--max-batch", "1024", "--queue-delay-us", "60000000", "--grace-s", "1", "--queue-limit", "2048"}};
    auto peer = server.peer();
    peer.ask(1, 1025, random_images(1, 784).front());  // one is left to wait
    while (peer.metrics().waiting() != 1) ::usleep(10'000);
    const auto begun = std::chrono::steady_clock::now();
    server.process().send(SIGTERM);
    CHECK_FALSE(peer.receive());
    const auto outcome = server.process().wait();
    CHECK(outcome.exit_code == 128 + SIGTERM);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{30});
    CHECK_THAT(outcome.err, Contains("told to stop 1 s ago: 1 requests that wait, and what is computed, stay without"));
}

TEST_CASE("A server tells Prometheus of this machine what it does, until its end", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    Process process{
        "/bin/sh",
        {"-c", "exec \"$0\" \"$1\" --metrics 127.0.0.1:0 2>&1", program("fedgram-serve"), folder / "model.fgm"}};
    const auto said = process.read_line();
    const auto begin = said.find("http://") + 7;
    const auto place = said.substr(begin, said.find("/metrics") - begin);
    const auto address = process.read_line().substr(10);
    const auto fetched = [&](const std::string& path) {
        asio::io_context context;
        asio::ip::tcp::socket socket{context};
        socket.connect(net::parse_address(context, place));
        asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        std::string answer;
        asio::error_code end;
        asio::read(socket, asio::dynamic_buffer(answer), end);
        return answer;
    };
    ServingPeer peer{address};
    peer.ask(1, 3, random_images(1, 784).front());
    CHECK(fates(peer, 3).at(Refusal::UNKNOWN).size() == 3);
    const auto metrics = fetched("/metrics");
    CHECK_THAT(metrics, Contains("200 OK") && Contains("\nfedgram_serve_answers_total 3\n"));
    CHECK_THAT(metrics, Contains("\nfedgram_serve_connections 1\n"));
    CHECK_THAT(fetched("/"), Contains("404"));
    peer.close();
    asio::io_context context;
    asio::ip::tcp::socket silent{context};  // holds up nothing
    silent.connect(net::parse_address(context, place));
    process.send(SIGTERM);
    CHECK(process.wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("Garbage and oversized frames end their connection, and no other", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    Serving server{folder / "model.fgm"};
    auto peer = server.peer();
    const auto image = random_images(1, 784).front();
    const auto fixed = [](MessageType type, std::uint32_t header, std::uint64_t payload) {
        const auto bytes = protocol::encode({type, header, payload});
        return std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    };
    const std::vector<std::string> bad{
        "GET / HTTP/1.1\r\nHost: here\r\n\r\n",
        fixed(MessageType::inference_request, 4, 784 * 4 + 1),
        fixed(MessageType::inference_request, 65, 784 * 4),
        fixed(MessageType::inference_request, 2, 0) + "\xff\xff",
        fixed(MessageType::inference_request, UINT32_MAX, UINT64_MAX),
        fixed(MessageType::server_metrics_request, 0, 1),
        fixed(MessageType::welcome, 0, 0),
        fixed(MessageType::inference_answer, 0, 0),
        fixed(MessageType::round_model, 0, 0),
    };
    for (std::size_t i = 0; i < bad.size(); ++i) {
        CAPTURE(i);
        auto stranger = server.peer();
        stranger.send_bytes(bad[i]);
        CHECK(stranger.is_ended());
        ServingPeer before_hello{server.address(), Greeting::none};
        before_hello.send_bytes(bad[i]);
        CHECK(before_hello.is_ended());
        peer.ask(i, image);
        CHECK(fates(peer, 1).at(Refusal::UNKNOWN).contains(i));
    }
    CHECK(peer.metrics().connections() == 1);
    server.process().send(SIGTERM);
    CHECK(peer.receive().value().type == MessageType::goodbye);
    peer.close();
    CHECK_THAT(server.process().wait().err, Contains("127.0.0.1 was turned away"));
}

TEST_CASE("A peer that doesn't read holds no memory, and keeps no other waiting", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", many_classes, ServedIn::float32, four_pixels);
    const Serving server{folder / "model.fgm"};
    auto slow_reader = server.peer(4096);
    auto peer = server.peer();
    const std::vector<float> image{0, 0.5F, 1, 0.25F};
    const auto before = peer.metrics();
    constexpr std::size_t requests = 6000;  // 24 MB of answers
    slow_reader.ask(1, requests, image);
    auto metrics = peer.metrics();
    for (std::uint64_t answered = UINT64_MAX; metrics.answered() != answered; metrics = peer.metrics()) {
        answered = metrics.answered();
        ::usleep(300'000);
    }
    // The rest is in the system's buffers, the server's and the peer's.
    CHECK(metrics.answered() < requests);
    CHECK(metrics.resident_bytes() < before.resident_bytes() + 4'000'000);
    peer.ask(1, image);
    CHECK(fates(peer, 1).at(Refusal::UNKNOWN).size() == 1);
    CHECK(fates(slow_reader, requests).at(Refusal::UNKNOWN).size() == requests);
}

TEST_CASE("A server that is held up shows in the p99 of an open loop", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    Serving server{folder / "model.fgm"};
    std::thread holder{[&] {
        ::usleep(500'000);
        server.process().send(SIGSTOP);
        ::usleep(1'000'000);
        server.process().send(SIGCONT);
    }};
    const auto load = experiments::load_server(
        {.address = server.address(), .load = serving::ConstantRate{500}, .connections = 2, .requests = 1200});
    holder.join();
    CHECK(load.answered == 1200);
    // A third of all requests is due while the server stands, or waits behind those.
    const auto p99 = load.latency.percentiles[3];
    REQUIRE(p99.value);
    CHECK(p99.value->count() > 0.5);
    CHECK(load.latency.percentiles[1].value->count() > 0.3);
}

TEST_CASE("No answer is lost or swapped under load, whatever other peers do", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    const Serving server{folder / "model.fgm", {"--max-batch", "16", "--instances", "2", "--queue-delay-us", "200"}};
    const std::uint64_t requests =
        std::getenv("FEDGRAM_SERVED_REQUESTS") != nullptr ? std::stoull(std::getenv("FEDGRAM_SERVED_REQUESTS")) : 5'000;
    auto watch = server.peer();
    const auto before = watch.metrics();
    std::jthread disturbance{[&](const std::stop_token& stopped) {
        std::minstd_rand random{1};
        const auto image = random_images(1, 784).front();
        while (!stopped.stop_requested()) {
            // Dies with answers on their way, in the middle of a frame, or before it has said who it is.
            const auto way = random() % 4;
            ServingPeer peer{server.address(), way == 0 ? Greeting::none : Greeting::said};
            if (way == 1) peer.ask(1, 1 + random() % 20, image);
            if (way == 2) peer.send_bytes(std::string(1 + random() % 60, 'F'));
            if (way == 3) {
                const auto whole = ServingPeer::frame(MessageType::inference_request, ServingPeer::request(1),
                                                      std::as_bytes(std::span{image}));
                peer.send_bytes({reinterpret_cast<const char*>(whole.data()), random() % whole.size()});
            }
        }
    }};
    const auto closed = experiments::load_server(
        {.address = server.address(), .load = serving::ClosedLoop{32}, .connections = 4, .requests = requests});
    CHECK(closed.sent == requests);
    CHECK(closed.answered == requests);
    CHECK(closed.latency.requests == requests);
    CHECK(*closed.latency.mean >= closed.queued.mean() + closed.computed.mean());
    const auto open = experiments::load_server({.address = server.address(),
                                                .load = serving::PoissonRate{2000, Stream{1, Purpose::arrivals}},
                                                .connections = 3,
                                                .requests = 1000});
    CHECK(open.sent == 1000);
    CHECK(open.answered + open.queue_full == 1000);
    disturbance.request_stop();
    disturbance.join();
    auto metrics = watch.metrics();
    for (int tries = 0; tries < 100 && (metrics.connections() > 1 || metrics.waiting() > 0); ++tries) {
        ::usleep(50'000);
        metrics = watch.metrics();
    }
    CHECK(metrics.connections() == 1);
    CHECK(metrics.waiting() == 0);
    CHECK(metrics.most_waiting() <= 1024);
    CHECK(metrics.answered() >= requests + open.answered);
    CHECK(metrics.resident_bytes() < before.resident_bytes() + 8'000'000);
}

TEST_CASE("Windows that agree end a load, with the server's own figures", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    const Serving server{folder / "model.fgm", {"--max-batch", "8"}};
    const auto load = experiments::load_server({.address = server.address(),
                                                .load = serving::ClosedLoop{4},
                                                .warm_up = serving::Nanoseconds{20'000'000},
                                                .window = serving::Nanoseconds{100'000'000}});
    CHECK(load.stability != serving::Stability::open);
    CHECK(load.throughput > 0);
    CHECK(load.answered == load.sent);
    CHECK(load.latency.requests < load.answered);
    CHECK(load.after.answered() == load.answered);
    CHECK(load.core_seconds_per_answer() > 0);
    CHECK(load.queued.count() == load.answered);
    CHECK(load.computed.count() == load.answered);
    CHECK(load.mean_batch() >= 1);
    CHECK(load.mean_batch() <= 4);
}

TEST_CASE("Only who knows the secret is let in", "[integration]")
{
    const TemporaryFolder folder;
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    const Serving server{folder / "model.fgm", {}, {"FEDGRAM_SECRET=" + secret}};
    experiments::LoadOptions options{.address = server.address(), .load = serving::ClosedLoop{1}, .requests = 10};
    CHECK_THROWS_WITH(experiments::load_server(options), Contains("no proof that it knows this run's secret"));
    options.secret = protocol::Secret::from_hex(secret);
    CHECK(experiments::load_server(options).answered == 10);
}

TEST_CASE("Over TLS the holders of a certificate are let in, and the answers are the same", "[integration]")
{
    const TemporaryFolder folder;
    const std::string certificates = folder / "certs";
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--nodes", "1"}).exit_code == 0);
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    const auto model = client::read_served_model(folder / "model.fgm");
    Serving server{folder / "model.fgm", {"--tls", certificates}};
    const auto image = random_images(1, 784).front();

    const auto tls =
        net::Tls::of_client(net::tls_files({.folder = certificates}, net::node_file_name("0")).value(), "127.0.0.1");
    asio::io_context context;
    std::vector<float> logits;
    const auto ask = [&]() -> asio::awaitable<void> {
        const auto deadline = net::Clock::now() + std::chrono::seconds{30};
        asio::ip::tcp::socket socket{context};
        co_await socket.async_connect(net::parse_address(context, server.address()), asio::use_awaitable);
        net::Channel channel{net::make_stream(std::move(socket), &tls), context.get_executor()};
        co_await channel.handshake(deadline);
        const auto challenge = co_await channel.receive(deadline);
        co_await channel.send(protocol::handshake_frame(MessageType::hello, wire::Hello{}, std::nullopt,
                                                        protocol::parse<wire::Challenge>(challenge).nonce()),
                              deadline);
        const auto hello = co_await channel.receive(deadline);
        CHECK(hello.type == MessageType::server_hello);
        channel.set_limits({.inference_bytes = 40});
        co_await channel.send(protocol::frame(MessageType::inference_request, ServingPeer::request(1),
                                              std::make_shared<const std::vector<float>>(image)),
                              deadline);
        logits = (co_await channel.receive(deadline)).payload;
        channel.close();
    };
    asio::co_spawn(context, ask, [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    context.run();
    CHECK(logits == logits_of(model, image));

    ServingPeer plain{server.address(), Greeting::none};
    plain.send_bytes("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    CHECK(plain.is_ended());
}

TEST_CASE("What a training ended with is served, and takes bytes as its images were", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "spec.json", R"({
      "name": "served", "data": {"dataset": "synthetic-fashion-mnist", "train_samples": 200,
                                 "normalization": {"mean": 0.25, "standard_deviation": 0.5}}, "model": "mlp-32",
      "trainings": [{"label": "first", "kind": "centralized", "learning_rate": 0.02, "max_epochs": 1}],
      "reductions": [{"label": "small", "training": "first", "levers": [{"lever": "quantize"}]}]})");
    const auto trained = run("fedgram", {"run", folder / "spec.json", "--out", folder / "run"});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    for (const std::string name : {"run/first.pt", "run/reductions/small.fgm"}) {
        CAPTURE(name);
        const auto model = client::read_served_model(folder / name);
        const Serving server{folder / name};
        auto peer = server.peer();
        CHECK(peer.server().takes_bytes());
        std::vector<std::byte> bytes(784);
        std::vector<float> pixels(784);
        for (std::size_t i = 0; i < 784; ++i) {
            bytes[i] = static_cast<std::byte>(i % 256);
            pixels[i] = static_cast<float>(1 / (255 * 0.5) * static_cast<double>(i % 256) - 0.25 / 0.5);
        }
        peer.send(MessageType::inference_request, ServingPeer::request(1), bytes);
        CHECK(peer.receive().value().payload == logits_of(model, pixels));
        CHECK(experiments::load_server({.address = server.address(),
                                        .load = serving::ClosedLoop{2},
                                        .pixels = experiments::PixelForm::bytes,
                                        .requests = 50})
                  .answered == 50);
    }
}

TEST_CASE("What a training left that diverged or hasn't ended isn't served", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "spec.json", R"({
      "name": "served", "data": {"dataset": "synthetic-fashion-mnist", "train_samples": 200}, "model": "mlp-32",
      "trainings": [{"label": "first", "kind": "centralized", "learning_rate": 0.02, "max_epochs": 1}]})");
    REQUIRE(run("fedgram", {"run", folder / "spec.json", "--out", folder / "run"}).exit_code == 0);
    const auto file = folder / "run/first.pt";
    CHECK(client::read_served_model(file).doubt.empty());
    std::filesystem::copy_file(file, folder / "run/copy.pt");
    CHECK_THAT(client::read_served_model(folder / "run/copy.pt").doubt, Contains("no training beside it is labelled"));
    const auto summary = nlohmann::ordered_json::parse(read_file(folder / "run/summary.json"));
    for (const auto& [ending, why] : {std::pair{"diverged", "diverged"}, std::pair{"interrupted", "hasn't ended"}}) {
        auto changed = summary;
        changed["trainings"][0]["ended_by"] = ending;
        write_file(folder / "run/summary.json", changed.dump());
        const auto outcome = run("fedgram-serve", {file});
        CHECK(outcome.exit_code == 3);
        CHECK_THAT(outcome.err, Contains("first.pt: is no final model: its training " + std::string{why} + ";"));
        CHECK(std::ranges::count(outcome.err, '\n') == 1);
    }
}

TEST_CASE("What a training ended with needs its shape and its layers beside it, and all of its bytes", "[integration]")
{
    const TemporaryFolder folder;
    const auto model = learning::build_model(built_in("mlp-32"), {});
    learning::torchscript::write_torchscript(model, learning::initial_parameters(model, 1), folder / "first.pt");
    const auto refused = [&](const std::string& text) {
        const auto outcome = run("fedgram-serve", {folder / "first.pt"});
        INFO(outcome.err);
        CHECK(outcome.exit_code == 3);
        CHECK_THAT(outcome.err, Contains(text));
        CHECK(std::ranges::count(outcome.err, '\n') == 1);
        CHECK(outcome.out.empty());
    };
    refused("there is no spec.json beside it to say what its layers are");
    write_file(folder / "spec.json", R"({"name": "served", "data": {"dataset": "synthetic-fashion-mnist"},
        "model": "mlp-32", "trainings": [{"label": "first", "kind": "centralized"}]})");
    refused("there is no inputs.json beside it to say which shape its images have");
    write_file(folder / "inputs.json", R"({"format": 1, "data": {"shape": [1, 28, 28], "class_count": 10}})");
    {
        const Serving server{folder / "first.pt"};
        CHECK(server.peer().server().takes_bytes());
    }
    CHECK_THAT(client::read_served_model(folder / "first.pt").doubt, Contains("there is no summary.json beside it"));
    const auto whole = read_file(folder / "first.pt");
    for (const std::size_t missing : {1U, 30U, 3000U}) {
        write_file(folder / "first.pt", whole.substr(0, whole.size() - missing));
        refused("first.pt: is cut off");
    }
}

TEST_CASE("A server that can't begin says why in a line", "[integration]")
{
    const TemporaryFolder folder;
    const auto file = folder / "model.fgm";
    write_servable(file, built_in("mlp-32"));
    const auto refused = [&](std::vector<std::string> words, int exit_code, const std::string& text) {
        const auto outcome = run("fedgram-serve", words);
        INFO(outcome.err);
        CHECK(outcome.exit_code == exit_code);
        CHECK_THAT(outcome.err, Contains(text));
        CHECK(std::ranges::count(outcome.err, '\n') == 1);
        CHECK(outcome.out.empty());
    };
    refused({}, 2, "model");
    refused({"model.onnx"}, 2, "is no model that can be served");
    refused({folder / "missing.fgm"}, 5, "missing.fgm");
    refused({file, "--max-batch", "0"}, 2, "--max-batch");
    refused({file, "--max-batch", "8", "--queue-limit", "2"}, 2,
            "--queue-limit: 2 is too few for --max-batch 8, which never gathers; use 7 or more");
    refused({file, "--listen", "0.0.0.0:0"}, 2, "--insecure-listen");
    refused({file, "--deadline-ms", "1", "--queue-delay-us", "5000"}, 2,
            "--deadline-ms: 1 is no longer than --queue-delay-us 5000, so that a request that is alone always expires; "
            "use more than 5 ms");
    refused({file, "--instances", ""}, 2, "--instances: is empty; give a value or leave it out");
    const auto full = run("/bin/sh", {"-c", "exec \"$0\" \"$1\" >/dev/full", program("fedgram-serve"), file.string()});
    CHECK(full.exit_code == 5);
    CHECK(full.err == "fedgram-serve: standard output can't be written; choose another place, or free space there\n");
    const auto few =
        run("/bin/sh", {"-c", "ulimit -n 40; exec \"$0\" \"$1\"", program("fedgram-serve"), file.string()});
    CHECK(few.exit_code == 5);
    CHECK_THAT(few.err, Contains("256 connections take") && Contains("ulimit -n"));
// A sanitizer takes more address space than that by itself.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const auto crowded = run("/bin/sh", {"-c", "ulimit -v 400000; exec \"$0\" \"$1\" --instances 256",
                                         program("fedgram-serve"), file.string()});
    CHECK(crowded.exit_code == 5);
    CHECK_THAT(crowded.err, Contains("fedgram-serve: --instances: number ") && Contains(" of 256 gets no ") &&
                                Contains("use fewer, or free memory (ulimit -v)"));
#endif
    refused({file, "--metrics", "0.0.0.0:0"}, 2, "--metrics: 0.0.0.0:0 can be reached from other machines");
    refused({file, "--grace-s", "0"}, 2, "--grace-s");
    const auto whole = read_file(file);
    for (const std::size_t length : {std::size_t{100}, whole.size() - 1}) {
        write_file(folder / "damaged.fgm", whole.substr(0, length));
        refused({folder / "damaged.fgm"}, 3, "damaged.fgm");
    }
    REQUIRE(run("fedgram", {"certs", "--out", folder / "certs", "--nodes", "1"}).exit_code == 0);
    std::filesystem::permissions(folder / "certs/coordinator.key", std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    refused({file, "--tls", folder / "certs"}, 2, "coordinator.key is open to other users; use chmod 600");
    CHECK_THROWS_AS(experiments::load_server({.address = "127.0.0.1:1", .load = serving::ClosedLoop{1}}), SystemError);
}

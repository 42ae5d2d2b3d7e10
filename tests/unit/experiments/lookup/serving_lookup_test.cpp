#include "experiments/lookup/serving_lookup.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/energy/pricing/batch_service.hpp"
#include "common/error/error.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("Each profile of a server reads, under its own id", "[experiments]")
{
    const auto ids = serving_ids();
    CHECK(ids.size() == 9);
    for (const auto& id : ids) {
        INFO(id);
        const auto profile = find_serving_profile(id);
        REQUIRE(profile);
        CHECK(profile->id == id);
        CHECK(energy::to_json(*profile) == *find_serving_json(id));
    }
    CHECK(find_serving_profile("T4")->id == "t4");
}

TEST_CASE("What was measured one by one is served, too", "[experiments]")
{
    const auto board = served_device("nucleo-l4r5zi");
    CHECK(board.one_by_one);
    CHECK_FALSE(served_device("a100").one_by_one);
    CHECK_THROWS_WITH(served_device("tpu-v2"),
                      StartsWith("\"tpu-v2\" has no figures to serve a model by; did you mean tpu-v"));
    CHECK_THROWS_WITH(served_device("pynq-z2"), StartsWith("pynq-z2: no measured row gives it a rate"));
}

TEST_CASE("A chip that can't train is refused for training", "[experiments]")
{
    for (const std::string id : {"tpu-v1", "tpu-v4i", "edge-tpu", "brainwave-arria-10", "brainwave-stratix-10"}) {
        CHECK_FALSE(has_device_profile(id));
        CHECK_THROWS_WITH(device(id), StartsWith(id + " answers batches alone, by `fedgram analyze`"));
        CHECK_THROWS_WITH(inference_device(id), StartsWith(id + " answers batches alone"));
    }
    CHECK_THROWS_WITH(read_accounting({{"datacenter_devices", {"tpu-v1"}}}), Contains("tpu-v1 answers batches alone"));
    CHECK(has_device_profile("t4"));
}

TEST_CASE("An FPGA's own time isn't a client's", "[experiments]")
{
    for (const std::string id : {"brainwave-arria-10", "brainwave-stratix-10"}) {
        const auto client = served_device(id).profile.client_s;
        REQUIRE(client);
        CHECK(*client->low == 0.010);
        CHECK(client->value == 0.060);
    }
    // What nobody states isn't known: the board's watts.
    CHECK_FALSE(served_device("brainwave-arria-10").profile.busy_w);
}

TEST_CASE("What was remembered without a check says so", "[experiments]")
{
    using energy::EvidenceLevel;
    CHECK(served_device("brainwave-arria-10").profile.rates.front().gmac_per_s.evidence == EvidenceLevel::recalled);
    CHECK(served_device("tpu-v1").profile.rates.front().gmac_per_s.evidence == EvidenceLevel::recalled);
    CHECK(served_device("tpu-v3").profile.busy_w->value == 220);  // measured, not the thermal design power of 450 W
}

TEST_CASE("A profile of the user's own is served by its path", "[experiments]")
{
    const test::TemporaryFolder folder;
    auto json = *find_serving_json("t4");
    json["id"] = "mine";
    test::write_file(folder / "mine.json", json.dump());
    CHECK(served_device((folder / "mine.json").string()).profile.id == "mine");
    CHECK_FALSE(served_device((folder / "mine.json").string()).profile.rental_usd_per_hour);
    json["figures"]["rental_usd_per_hour"] = {{"value", 2}, {"standing", "published"}, {"source", "a bill"}};
    test::write_file(folder / "rented.json", json.dump());
    CHECK(served_device((folder / "rented.json").string()).profile.rental_usd_per_hour->value == 2);
    json["figures"]["floor_s"]["value"] = -1;
    test::write_file(folder / "wrong.json", json.dump());
    CHECK_THROWS_WITH(served_device((folder / "wrong.json").string()),
                      Contains("wrong.json: device.figures.floor_s.value: -1 is not valid"));
}

TEST_CASE("A device of record is rented at the price of its device profile", "[experiments]")
{
    for (const std::string id : {"t4", "A100"}) {
        const auto rent = served_device(id).profile.rental_usd_per_hour;
        REQUIRE(rent);
        CHECK(rent->value == device(id).rental_usd_per_hour->value);
        CHECK(rent->source == device(id).rental_usd_per_hour->source);
    }
    CHECK_FALSE(served_device("tpu-v4").profile.rental_usd_per_hour);
    CHECK_FALSE(served_device("nucleo-l4r5zi").profile.rental_usd_per_hour);
}

TEST_CASE("An Edge TPU takes what its maker's benchmarks say, in small networks and in large ones", "[experiments]")
{
    struct Published {
        std::uint64_t macs;
        std::uint64_t weight_bytes;
        double milliseconds;
    };
    const auto edge_tpu = served_device("edge-tpu").profile;
    // coral.ai, desktop CPU with the USB accelerator: MobileNet v1, Inception v1, VGG-16 and ResNet-152.
    for (const auto& [macs, weight_bytes, milliseconds] :
         {Published{569'000'000, 4'200'000, 2.4}, Published{1'550'000'000, 6'600'000, 3.4},
          Published{15'500'000'000, 138'400'000, 296}, Published{20'200'000'000, 60'400'000, 128}}) {
        INFO(milliseconds << " ms");
        const energy::BatchDemand demand{energy::Arithmetic::int8, macs, weight_bytes};
        CHECK(1e3 * energy::batch_service(edge_tpu, demand).seconds(1).count() == Approx(milliseconds).epsilon(0.06));
    }
    CHECK(edge_tpu.floor_s.evidence == energy::EvidenceLevel::derived);
}

TEST_CASE("A table prices requests by the records of the devices that it names", "[experiments]")
{
    const auto named = read_accounting({{"inference", {{"devices", {"T4", "raspberry-pi-4"}}}}});
    REQUIRE(named.inference.serving.size() == 1);
    CHECK(named.inference.served_by("t4")->floor_s.value == served_device("t4").profile.floor_s.value);
    CHECK(read_accounting({{"datacenter_devices", {"a100"}}}).inference.served_by("a100") != nullptr);
    CHECK(read_accounting(nlohmann::ordered_json::object()).inference.is_default());
    CHECK_FALSE(serving_record("v100"));
    CHECK_FALSE(serving_record("mine/t4.json"));
}

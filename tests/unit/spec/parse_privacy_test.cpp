#include "common/spec/parse_privacy.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using nlohmann::ordered_json;
using spec::NodeSampling;
using spec::Privacy;
using spec::PrivacyAccountant;

namespace {

std::optional<Privacy> read(const std::string& text, std::optional<Privacy> base = {}, bool refused = false)
{
    const auto json = ordered_json::parse("{\"privacy\": " + text + "}");
    spec::StrictObject training{json, "trainings.fed", spec::Wording::specification};
    read_privacy(training, base, refused);
    return base;
}

std::string error_of(const std::string& text, const std::optional<Privacy>& base = {}, bool refused = false)
{
    try {
        static_cast<void>(read(text, base, refused));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

std::string rewritten(const std::string& text) { return to_json(read(text).value()).dump(); }

}  // namespace

TEST_CASE("privacy is a clip and its noise, with coins for the nodes", "[spec]")
{
    const auto privacy = read(R"({"clip": 0.5, "noise_multiplier": 1.1, "delta": 1e-5})").value();
    CHECK(std::get<spec::FixedClip>(privacy.clip).norm == 0.5);
    CHECK(privacy.noise_multiplier == 1.1);
    CHECK(privacy.delta == 1e-5);
    CHECK(privacy.sampling == NodeSampling::poisson);
    CHECK_FALSE(privacy.epsilon);
    CHECK_FALSE(privacy.accountant);
    CHECK(privacy.is_private());
    const auto budget =
        read(R"({"clip": 1, "epsilon": 8, "delta": 1e-6, "sampling": "fixed", "accountant": "gaussian"})");
    CHECK(budget->epsilon == 8.0);
    CHECK(budget->is_private());
    CHECK(budget->sampling == NodeSampling::fixed);
    CHECK(budget->accountant == PrivacyAccountant::gaussian);
}

TEST_CASE("an adaptive clip has its defaults, and each may be said", "[spec]")
{
    const auto plain = std::get<spec::AdaptiveClip>(read(R"({"clip": "adaptive", "noise_multiplier": 0})")->clip);
    CHECK(plain.initial == 0.1);
    CHECK(plain.quantile == 0.5);
    CHECK(plain.rate == 0.2);
    const auto said = std::get<spec::AdaptiveClip>(
        read(R"({"clip": "adaptive", "adaptive": {"initial": 2, "quantile": 0.9, "rate": 0.1}, "noise_multiplier": 0})")
            ->clip);
    CHECK(said.initial == 2);
    CHECK(said.quantile == 0.9);
    CHECK(said.rate == 0.1);
}

TEST_CASE("no noise needs neither a clip nor a delta", "[spec]")
{
    const auto none = read(R"({"clip": null, "noise_multiplier": 0})").value();
    CHECK(std::holds_alternative<spec::NoClip>(none.clip));
    CHECK_FALSE(none.is_private());
    CHECK(error_of(R"({"clip": 1, "noise_multiplier": 0})") == "no error");
}

TEST_CASE("a training's privacy builds on the shared one or replaces its noise", "[spec]")
{
    const auto shared = read(R"({"clip": "adaptive", "adaptive": {"rate": 0.3}, "epsilon": 8, "delta": 1e-5})");
    const auto amended = read(R"({"noise_multiplier": 2, "adaptive": {"quantile": 0.8}})", shared).value();
    CHECK(amended.noise_multiplier == 2.0);
    CHECK_FALSE(amended.epsilon);
    CHECK(amended.delta == 1e-5);
    CHECK(std::get<spec::AdaptiveClip>(amended.clip).rate == 0.3);
    CHECK(std::get<spec::AdaptiveClip>(amended.clip).quantile == 0.8);
    CHECK(std::holds_alternative<spec::FixedClip>(read(R"({"clip": 1})", shared)->clip));
}

TEST_CASE("a resolved privacy says all that counts, and reads the same again", "[spec]")
{
    CHECK(rewritten(R"({"clip": 0.5, "noise_multiplier": 1.1, "delta": 1e-5})") ==
          R"({"clip":0.5,"noise_multiplier":1.1,"delta":1e-05,"sampling":"poisson"})");
    CHECK(rewritten(R"({"clip": null, "noise_multiplier": 0})") ==
          R"({"clip":null,"noise_multiplier":0.0,"sampling":"poisson"})");
    const auto all =
        rewritten(R"({"clip": "adaptive", "epsilon": 8, "delta": 1e-5, "sampling": "fixed", "accountant": "rdp"})");
    CHECK(all ==
          R"({"clip":"adaptive","adaptive":{"initial":0.1,"quantile":0.5,"rate":0.2},"epsilon":8.0,"delta":1e-05,)"
          R"("sampling":"fixed","accountant":"rdp"})");
    CHECK(rewritten(all) == all);
}

TEST_CASE("an incomplete or contradictory privacy is refused with a line that says what would be right", "[spec]")
{
    CHECK(
        error_of(R"({"clip": 1, "epsilon": 8})") ==
        "trainings.fed.privacy.delta: is missing, and an epsilon means nothing without it; use a number greater than 0 "
        "and less than 1, well below 1 / nodes");
    CHECK(error_of(R"({"clip": 1, "noise_multiplier": 1})") == error_of(R"({"clip": 1, "epsilon": 8})"));
    CHECK(
        error_of(R"({"clip": 1, "epsilon": 8, "noise_multiplier": 1, "delta": 1e-5})") ==
        "trainings.fed.privacy.epsilon: stands beside a noise_multiplier, and each follows from the other; use one of "
        "them");
    CHECK(
        error_of(R"({"clip": 1})") ==
        "trainings.fed.privacy.noise_multiplier: is missing, and so is epsilon; use one of them, a noise_multiplier of "
        "0 for no noise");
    CHECK(error_of(R"({"noise_multiplier": 0})") ==
          "trainings.fed.privacy.clip: is missing; use a number greater than 0, or \"adaptive\"");
    CHECK(error_of(R"({"clip": null, "noise_multiplier": 1, "delta": 1e-5})") ==
          "trainings.fed.privacy.clip: null has no noise that could hide an update; use a number greater than 0, "
          "\"adaptive\", or a noise_multiplier of 0");
}

TEST_CASE("each value of privacy that is out of its range is named, all in one answer", "[spec]")
{
    CHECK(error_of(R"({"clip": 0, "noise_multiplier": -1, "delta": 1, "sampling": "coins"})") ==
          "trainings.fed.privacy.clip: 0 is not valid; use a number greater than 0 and at most 1000000, "
          "\"adaptive\", or null for none\n"
          "trainings.fed.privacy.noise_multiplier: -1 is not valid; use a number from 0 to 1000000\n"
          "trainings.fed.privacy.delta: 1 is not valid; use a number greater than 0 and less than 1\n"
          "trainings.fed.privacy.sampling: \"coins\" is not valid; use one of \"poisson\", \"fixed\"");
    CHECK(error_of(R"({"clip": "big", "noise_multiplier": 0})") ==
          "trainings.fed.privacy.clip: \"big\" is not valid; use a number greater than 0 and at most 1000000, "
          "\"adaptive\", or null for none");
    CHECK(error_of(R"({"clip": "adaptive", "adaptive": {"quantile": 1, "rat": 1}, "noise_multiplier": 0})") ==
          "trainings.fed.privacy.adaptive.quantile: 1 is not valid; use a number greater than 0 and less than 1\n"
          "trainings.fed.privacy.adaptive.rat: unknown key; did you mean rate?");
    CHECK(error_of(R"({"clip": 1, "epsilon": 0, "delta": 1e-5})") ==
          "trainings.fed.privacy.epsilon: 0 is not valid; use a number greater than 0 and at most 10000");
    CHECK(error_of(R"({"clip": 1, "noise_multiplier": 0, "accountant": "prv"})") ==
          "trainings.fed.privacy.accountant: \"prv\" is not valid; use one of \"rdp\", \"gaussian\"");
    CHECK(error_of(R"({"clip": 1, "noise_multiplier": 1, "detla": 1e-5})") ==
          "trainings.fed.privacy.detla: unknown key; did you mean delta?");
    CHECK(error_of("3") == "trainings.fed.privacy: 3 is not valid; use an object {...}, or null for none");
}

TEST_CASE("constants of privacy that no training has are refused with the most that they may be", "[spec]")
{
    CHECK(error_of(R"({"clip": 1e300, "noise_multiplier": 1e7, "delta": 1e-5})") ==
          "trainings.fed.privacy.clip: 1e+300 is not valid; use a number greater than 0 and at most 1000000, "
          "\"adaptive\", or null for none\n"
          "trainings.fed.privacy.noise_multiplier: 10000000.0 is not valid; use a number from 0 to 1000000");
    CHECK(error_of(R"({"clip": "adaptive", "adaptive": {"initial": 1e7, "rate": 11}, "noise_multiplier": 0})") ==
          "trainings.fed.privacy.adaptive.initial: 10000000.0 is not valid; use a number greater than 0 and at most "
          "1000000\n"
          "trainings.fed.privacy.adaptive.rate: 11 is not valid; use a number greater than 0 and at most 10");
    CHECK(error_of(R"({"clip": 1, "noise_multiplier": 1, "delta": 1e-5, "stop_at_epsilon": 1e5})") ==
          "trainings.fed.privacy.stop_at_epsilon: 100000.0 is not valid; use a number greater than 0 and at most "
          "10000");
    CHECK(error_of(R"({"clip": 1e6, "epsilon": 1e4, "delta": 1e-5})") == "no error");
}

TEST_CASE("a delta of 1 / nodes or more promises nothing, and is refused", "[spec]")
{
    const auto check = [](std::uint32_t nodes, double delta) {
        spec::check_privacy({.nodes = nodes, .privacy = Privacy{.delta = delta}}, "trainings.fed");
    };
    CHECK_THROWS_WITH(check(10, 0.5),
                      "trainings.fed.privacy.delta: 0.5 is not valid; use a number less than 1 / 10 nodes; to show all "
                      "of one node, drawn by chance, has that delta");
    CHECK_THROWS_AS(check(4, 0.25), SpecError);
    CHECK_NOTHROW(check(4, 0.24));
    CHECK_NOTHROW(check(1, 0.5));
}

TEST_CASE("beside a shared privacy that was refused nothing is said of what is missing", "[spec]")
{
    CHECK(error_of(R"({"epsilon": 8})", {}, true) == "no error");
    CHECK(error_of(R"({"epsilon": -8})", {}, true) ==
          "trainings.fed.privacy.epsilon: -8 is not valid; use a number greater than 0 and at most 10000");
}

TEST_CASE("the accountant is the exact one where all nodes take part, else RDP", "[spec]")
{
    Privacy all;
    settle_accountant(all, "trainings.fed.privacy", 1);
    CHECK(all.accountant == PrivacyAccountant::gaussian);
    Privacy some;
    settle_accountant(some, "trainings.fed.privacy", 0.5);
    CHECK(some.accountant == PrivacyAccountant::rdp);
    Privacy said{.accountant = PrivacyAccountant::rdp};
    settle_accountant(said, "trainings.fed.privacy", 1);
    CHECK(said.accountant == PrivacyAccountant::rdp);
    Privacy wrong{.accountant = PrivacyAccountant::gaussian};
    CHECK_THROWS_WITH(
        settle_accountant(wrong, "trainings.fed.privacy", 0.5),
        "trainings.fed.privacy.accountant: \"gaussian\" is not valid; use \"rdp\", or a client_fraction of "
        "1, for which alone it is exact");
}

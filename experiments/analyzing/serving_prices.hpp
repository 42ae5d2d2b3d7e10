#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/energy/devices/figure.hpp"
#include "common/text/banded_number.hpp"
#include "common/units/quantity.hpp"
#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments {

/// What travels between a client and the server for an answer, where that is asked for.
struct ClientNetwork {
    Joules each;                       ///< of a request and its answer; no PUE touches them
    std::string words;                 ///< bytes, method and its figure
    std::optional<text::Band> band{};  ///< of the joules for 1,000 answers, where the figure has one
};

/// Where the devices are.
struct ServingPlace {
    std::string country;     ///< "FRA"
    std::string source;      ///< of its grid intensity: "ember-2026, 2024"
    bool is_stated = false;  ///< false: it is the run's first
};

/// What turns a device's joules into those of the facility, into grams and into dollars.
struct ServingPrices {
    double pue = 1;                               ///< of devices in a data centre; others have none
    std::optional<GramsPerKilowattHour> grid{};   ///< nothing: no grams
    std::optional<energy::Figure> usd_per_kwh{};  ///< nothing: electricity has no price
    std::optional<ClientNetwork> network{};
    std::optional<ServingPlace> place{};  ///< whose grid that is
};

/// How dollars are counted: what one would pay for the server. The electricity of the network to its clients is
/// others'.
enum class UsdBasis {
    rent,         ///< of the device for the time in which it is there, which contains its electricity
    electricity,  ///< of the device, where no rent is known
    unknown,      ///< neither rent nor watts are
};

/// "rent", "electricity"; empty where it isn't known.
[[nodiscard]] std::string_view name(UsdBasis basis);

/// Whose electricity grams are of, the PUE, the rate that was stated, and by which program: "Grams: FRA at 40.48
/// gCO2e/kWh (ember-2026, 2024). PUE 1.67. fedgram 1.2.0."
[[nodiscard]] std::string assumptions_note(const ServingPrices& prices, std::optional<double> stated_per_s);

/// Whose network it is, and that joules and grams of a constraint or an objective have it in them, and dollars don't.
[[nodiscard]] std::string network_note(const ClientNetwork& network);

/// Of 1,000 answers, at `per_second` (above 0) of a device and with so many joules, PUE included. How busy it is isn't
/// said.
[[nodiscard]] analysis::Costs costs_of(const ServingPrices& prices, double per_second, std::optional<Joules> joules,
                                       const std::optional<energy::Figure>& rental_usd_per_hour);

}  // namespace fedgram::experiments

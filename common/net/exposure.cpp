#include "common/net/exposure.hpp"

#include "common/error/error.hpp"
#include "common/net/address.hpp"

namespace fedgram::net {

std::optional<std::string> exposure_notice(const asio::ip::tcp::endpoint& listen, Encryption encryption,
                                           Invitation invitation, Insecurity insecurity)
{
    if (encryption == Encryption::tls) return std::nullopt;
    const bool here = listen.address().is_loopback();
    if (!here && insecurity == Insecurity::refused)
        throw SpecError{"--listen: " + to_string(listen) +
                        " is open to other machines, and without TLS whoever is on the way can read and change what is "
                        "sent; make certificates by `fedgram certs` and give --tls DIR, or say --insecure-listen"};
    if (invitation == Invitation::secret) return std::nullopt;
    return "any process " + std::string{here ? "of this machine" : "that reaches " + to_string(listen)} +
           " can join this run as a client; give --secret-file or --tls to let the invited in alone";
}

}  // namespace fedgram::net

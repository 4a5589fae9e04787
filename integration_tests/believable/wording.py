"""The words of a believable account: a maker of coffee machines, its customers, and what they write to each other."""

from dataclasses import dataclass


def _words(text: str) -> list[str]:
    return text.split()


FIRST_NAMES = _words(
    "Aisha Anders Beatriz Bruno Camille Carlos Chiara Daniel Divya Elena Emre Fatima Felix Giulia Hannah Hiroshi Ines "
    "Ivan Jamal Jana Kofi Laila Lars Leonie Maja Marco Mei Miguel Nadia Noah Olga Omar Paula Priya Rafael Rosa Samir "
    "Sofia Tomas Yara"
)
LAST_NAMES = _words(
    "Abara Almeida Bauer Becker Castro Chen Costa Dubois Eriksen Farouk Fischer Garcia Haddad Hansen Ito Jansen Kaya "
    "Keller Kovacs Lindberg Lopez Mensah Meyer Moreau Nakamura Novak Okafor Olsen Patel Petrov Reyes Ricci Rossi "
    "Santos Schmidt Silva Sorensen Tanaka Vargas Weber"
)
COMPANY_FIRST_WORDS = _words(
    "Alder Amber Beacon Birch Cedar Copper Delta Ember Fjord Granite Harbor Iris Juniper Lantern Maple Meridian Nordic "
    "Orchard Pioneer Quartz River Saffron Summit Willow"
)
COMPANY_LAST_WORDS = _words("Bakery Cafes Catering Coworking Foods Hotels Kitchens Offices Retail Roasters")
INDUSTRIES = ("Food and Beverage", "Hospitality", "Retail", "Professional Services")
HEALTH_SCORES = ("Happy", "Doing okay", "At risk")
ACCOUNT_TIERS = ("Basic", "Premium", "Enterprise")
JOB_TITLES = ("Office Manager", "Facility Manager", "Head Barista", "Owner", "Procurement Lead", "Store Manager")
TIME_ZONES = ("Berlin", "Eastern Time (US & Canada)", "London", "Pacific Time (US & Canada)", "UTC")
GROUPS = ("Billing", "Customer Care", "Field Service", "Product Support", "Returns", "Sales")
PRODUCTS = ("Crema One", "Crema Duo", "Grindwell", "Milkmaster", "Office Barista")


@dataclass(frozen=True)
class Topic:
    """What a ticket may be about. `{product}`, `{order}` and `{name}` are filled in."""

    type: str
    group: str
    tags: tuple[str, ...]
    subject: str
    sentences: tuple[str, ...]


TOPICS = (
    Topic(
        "Problem",
        "Product Support",
        ("leak", "hardware"),
        "{product} leaks water from the bottom",
        (
            "since this morning our {product} leaves a puddle of water on the counter.",
            "We emptied the drip tray and cleaned the seal, but it did not help.",
            "Is it safe to keep using it until somebody has had a look?",
        ),
    ),
    Topic(
        "Problem",
        "Product Support",
        ("grinder",),
        "Grinder of the {product} is blocked",
        (
            "the grinder makes a humming noise and then stops with error E14.",
            "There are no stones in the beans as far as we can see.",
        ),
    ),
    Topic(
        "Incident",
        "Field Service",
        ("outage", "urgent"),
        "{product} does not start, thirty people without coffee",
        (
            "our {product} does not start at all: the display stays black.",
            "We tried another socket and the fuse is fine.",
            "We have an event tomorrow at nine, so please send a technician today if there is any way.",
        ),
    ),
    Topic(
        "Question",
        "Customer Care",
        ("descaling", "how-to"),
        "How often should I descale the {product}?",
        (
            "the manual says every two months, but the machine asks for it every week.",
            "Our water is quite hard. Would a filter help, and which one fits?",
        ),
    ),
    Topic(
        "Question",
        "Billing",
        ("invoice", "vat"),
        "Invoice for order {order} has the wrong VAT number",
        (
            "the invoice for order {order} shows our old VAT number.",
            "Could you send us a corrected one? Our accountant needs it by the end of the month.",
        ),
    ),
    Topic(
        "Refund",
        "Billing",
        ("charged-twice",),
        "Charged twice for order {order}",
        (
            "our card was charged twice for order {order}, on the same day.",
            "Please return one of the payments and confirm when it is done.",
        ),
    ),
    Topic(
        "Refund",
        "Returns",
        ("return",),
        "Returning the {product} from order {order}",
        (
            "the {product} is a fine machine, but it is too high for our cupboard.",
            "How do I send it back? I still have the box.",
        ),
    ),
    Topic(
        "Problem",
        "Returns",
        ("damaged", "shipping"),
        "Order {order} arrived damaged",
        (
            "the parcel of order {order} was open when it got here, and the water tank is cracked.",
            "I took photographs before I unpacked the rest.",
            "Can you send a new tank, or do I have to return everything?",
        ),
    ),
    Topic(
        "Question",
        "Sales",
        ("quote",),
        "Quote for twelve {product}",
        (
            "we are furnishing a new office and think about twelve {product} with a service contract.",
            "What would that cost for three years, delivery included?",
        ),
    ),
    Topic(
        "Feature Request",
        "Product Support",
        ("app",),
        "App: schedule for warm-up on public holidays",
        (
            "our {product} warms up at seven on public holidays although nobody is here.",
            "It would be great if the app knew the holidays of the country.",
        ),
    ),
    Topic(
        "Question",
        "Customer Care",
        ("delivery",),
        "Where is order {order}?",
        (
            "order {order} should have been here on Tuesday, but the tracking page has not changed for days.",
            "Could you find out where it is? ☕",
        ),
    ),
)

AGENT_REPLIES = (
    "thank you for writing to us. I am sorry for the trouble and I am looking into it now.",
    "could you send us the serial number? It is on the plate at the back of the machine.",
    "I have talked to our workshop. Please switch the machine off for ten minutes and try again.",
    "I have sent you a replacement part free of charge. It should be with you in two working days.",
    "I have passed this on to my colleagues and will come back to you tomorrow at the latest.",
)
CUSTOMER_REPLIES = (
    "Thanks for the quick answer, I will try that.",
    "That did not help, I am afraid. What else can we do?",
    "The serial number is on the photograph. Please let me know if you can read it.",
    "It works again. Thank you very much!",
    "Is there any news? We have been waiting for a while now.",
)
NOTES = (
    "Called the customer, nobody answered. Trying again in the afternoon.",
    "Third ticket about this batch this week, see the list in the workshop.",
    "Approved by the team lead.",
)
SPAM = (
    ("Your mailbox is almost full", "Confirm your password to keep receiving messages."),
    ("First place on every search engine", "We bring your site to the top in seven days, guaranteed."),
)

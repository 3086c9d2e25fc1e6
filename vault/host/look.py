"""How an admin of ours looks, whichever program shows it."""

# The accent of static/design/tokens.css in eleven steps.
COLORS = {
    "primary": {
        "50": "#eef8f5",
        "100": "#d9f0e9",
        "200": "#b3e0d4",
        "300": "#82cbb8",
        "400": "#4fb199",
        "500": "#2c957d",
        "600": "#0f6e5c",
        "700": "#0d5f50",
        "800": "#0a5546",
        "900": "#08443a",
        "950": "#042923",
    }
}
BORDER_RADIUS = "10px"

"""The plots of a study report, as SVG that prints in grey and is told apart without colour."""

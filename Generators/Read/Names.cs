using Microsoft.CodeAnalysis;

namespace NNGen.Generators.Read;

/// <summary>
/// A place in the tree of calls, which names what is born there: a method, a local function, a property, a layer. Ordinals are given at the end, among those
/// places alone that own parameters, so that a new activation or helper renames nothing.
/// </summary>
internal sealed class Place(Place? parent, string stem)
{
    public string Stem { get; } = stem;

    public List<Place> Children { get; } = [];

    public Place? Parent { get; private set; } = parent;

    /// <summary>The variable or field that holds the layer, or the name it was given.</summary>
    public string? Name { get; set; }

    /// <summary>Whether <see cref="Name"/> was given with Named or as an argument, so that a second one is a fault.</summary>
    public bool IsInsisted { get; set; }

    /// <summary>Where a fault about the name belongs.</summary>
    public Location? At { get; set; }

    /// <summary>Whether something was born right here.</summary>
    public bool Owns { get; set; }

    public Place Child(string stem)
    {
        var child = new Place(this, stem);
        Children.Add(child);
        return child;
    }

    public void MoveTo(Place parent)
    {
        Parent?.Children.Remove(this);
        Parent = parent;
        parent.Children.Add(this);
    }

    /// <summary>The full name of each place that owns parameters; <paramref name="collide"/> hears of a name that is taken.</summary>
    public static IReadOnlyDictionary<Place, string> Resolve(Place root, Action<Place, string> collide)
    {
        var names = new Dictionary<Place, string>();
        Visit(root, "", names, collide);
        return names;
    }

    private static void Visit(Place place, string path, Dictionary<Place, string> names, Action<Place, string> collide)
    {
        names[place] = path;
        var counts = new Dictionary<string, int>();
        var taken = new HashSet<string>();
        foreach (var child in place.Children.Where(HasParameters))
        {
            var name = child.Name ?? child.Stem;
            counts[name] = counts.TryGetValue(name, out var count) ? count + 1 : 1;
            var own = child.Name is null ? name + counts[name] : counts[name] == 1 || child.IsInsisted ? name : name + counts[name];
            var full = path.Length == 0 ? own : $"{path}.{own}";
            if (!taken.Add(own))
                collide(child, full);
            Visit(child, full, names, collide);
        }
    }

    private static bool HasParameters(Place place) => place.Owns || place.Children.Any(HasParameters);

    public static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..];
}
